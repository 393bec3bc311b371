import { describe, expect, it } from 'vitest'
import { failure, notRun, outcomeOf, skip, summarise } from '../../scripts/testing/summary.mjs'

const report = (changes: object = {}) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...changes,
})
const done = { code: 0, output: '', outOfTime: false, durationMs: 1_000, root: '/house' }
const failed = (fullName: string, ...failureMessages: string[]) => ({
  title: fullName,
  fullName,
  status: 'failed',
  failureMessages,
})
const passed = outcomeOf('unit', report(), done)

describe('the sum of a test run', () => {
  it('closes with one plain line over all runners', () => {
    const { closing, exitCode } = summarise([passed, { ...passed, name: 'check', passed: 6 }], {
      isCi: false,
    })
    expect(closing).toBe('9 passed, 0 failed, 0 skipped')
    expect(exitCode).toBe(0)
  })

  it('lists a part that could not run, loudly, and goes on', () => {
    const { lines, closing, exitCode } = summarise([passed, skip('browser', 'there is no Chromium')], {
      isCi: false,
    })
    expect(lines.join('\n')).toContain('SKIPPED: there is no Chromium')
    expect(closing).toBe('3 passed, 0 failed, 1 skipped')
    expect(exitCode).toBe(0)
  })

  it('makes a skip a failure in CI', () => {
    const { lines, closing, exitCode } = summarise([passed, skip('browser', 'there is no Chromium')], {
      isCi: true,
    })
    expect(lines.join('\n')).toMatch(/browser +FAILED.*\n.*no Chromium\n.*In CI a skip is a failure/)
    expect(closing).toBe('3 passed, 1 failed, 0 skipped')
    expect(exitCode).toBe(1)
  })

  it('makes a single skipped test a failure in CI', () => {
    const outcome = outcomeOf('unit', report({ numPendingTests: 1, numTodoTests: 1 }), done)
    expect(summarise([outcome], { isCi: false })).toMatchObject({
      closing: '3 passed, 0 failed, 2 skipped',
      exitCode: 0,
    })
    expect(summarise([outcome], { isCi: true })).toMatchObject({
      closing: '3 passed, 2 failed, 0 skipped',
      exitCode: 1,
    })
  })

  it('says what was not run for want of somebody else’s server, and fails nothing for it in CI', () => {
    const { lines, closing, exitCode } = summarise([passed, notRun('interop', 'PyPI is out of reach')], {
      isCi: true,
    })
    expect(lines.join('\n')).toMatch(/interop +NOT RUN .*\n +NOT RUN: PyPI is out of reach/)
    expect(closing).toBe('3 passed, 0 failed, 0 skipped')
    expect(exitCode).toBe(0)
  })

  it('fails when nothing ran at all', () => {
    expect(summarise([], { isCi: false }).exitCode).toBe(1)
  })
})

describe('the outcome of one part', () => {
  it('fails when it ran no tests although it should', () => {
    expect(outcomeOf('unit', report({ numPassedTests: 0 }), done)).toMatchObject({
      failed: 1,
      remarks: ['It ran no tests although it should.'],
    })
  })

  it('fails when it only skipped', () => {
    expect(outcomeOf('unit', report({ numPassedTests: 0, numPendingTests: 2 }), done)).toMatchObject({
      failed: 1,
    })
  })

  it('counts a test file that cannot be loaded', () => {
    const testResults = [
      {
        name: '/house/test/a.test.ts',
        status: 'failed',
        message: 'Cannot find module\nat …',
        assertionResults: [],
      },
      {
        name: '/house/test/b.test.ts',
        status: 'failed',
        assertionResults: [failed('the wall stands', 'Error: it fell\n    at wall.ts:1:1')],
      },
    ]
    expect(outcomeOf('unit', report({ numFailedTests: 1, testResults }), { ...done, code: 1 })).toMatchObject(
      {
        failed: 2,
        remarks: [
          'test/a.test.ts could not run: Cannot find module',
          'test/b.test.ts: the wall stands: Error: it fell',
        ],
      },
    )
  })

  it('names each test that failed under its part, with the first line of its reason in plain text', () => {
    const assertionResults = [
      { title: 'opens', fullName: 'the gate opens', status: 'passed', failureMessages: [] },
      failed('the gate closes', '\u001b[31mAssertionError\u001b[39m: expected 1 to be 2\n    at gate.ts:3:5'),
      failed('the gate is painted'),
    ]
    const testResults = [{ name: '/house/test/gate.test.ts', status: 'failed', assertionResults }]
    const outcome = outcomeOf('unit', report({ numFailedTests: 2, testResults }), { ...done, code: 1 })
    expect(summarise([outcome], { isCi: true }).lines).toEqual([
      'unit        FAILED   3 passed, 2 failed, 0 skipped in 1.0 s',
      '            test/gate.test.ts: the gate closes: AssertionError: expected 1 to be 2',
      '            test/gate.test.ts: the gate is painted: it gave no reason',
    ])
  })

  it('names no more than a screenful of failed tests, and says how many there are beside', () => {
    const assertionResults = Array.from({ length: 45 }, (_, at) => failed(`test ${at}`, `Error: ${at}`))
    const testResults = [{ name: '/house/test/gate.test.ts', status: 'failed', assertionResults }]
    const { failed: count, remarks } = outcomeOf('unit', report({ numFailedTests: 45, testResults }), {
      ...done,
      code: 1,
    })
    expect(count).toBe(45)
    expect(remarks).toHaveLength(31)
    expect(remarks.slice(-2)).toEqual(['test/gate.test.ts: test 29: Error: 29', 'and 15 more'])
  })

  it('keeps a reason of one endless line short', () => {
    const assertionResults = [failed('a test', `Error: ${'x'.repeat(10_000)}`)]
    const testResults = [{ name: '/house/test/gate.test.ts', status: 'failed', assertionResults }]
    const { remarks } = outcomeOf('unit', report({ numFailedTests: 1, testResults }), { ...done, code: 1 })
    expect(remarks[0]?.length).toBeLessThan(400)
  })

  it('fails when the runner failed outside any test, and repeats what it said of that', () => {
    const output = [
      'gate.test.ts (3 tests)',
      '⎯⎯ Unhandled Errors ⎯⎯',
      '',
      'Error: boom',
      ' ❯ test/gate.test.ts:3:23',
      ' ❯ node_modules/@vitest/runner/dist/index.js:1:1',
    ].join('\n')
    expect(outcomeOf('unit', report(), { ...done, code: 1, output })).toMatchObject({
      passed: 3,
      failed: 1,
      remarks: ['Something failed outside the tests:', 'Error: boom', '❯ test/gate.test.ts:3:23'],
    })
  })

  it('repeats the end of what the runner said when that names no error', () => {
    expect(
      outcomeOf('unit', report(), { ...done, code: 1, output: '3 passed\nSegmentation fault\n' }).remarks,
    ).toEqual(['Something failed outside the tests:', '3 passed', 'Segmentation fault'])
  })

  it('fails without a report and when its time is over', () => {
    expect(outcomeOf('unit', undefined, done)).toEqual(failure('unit', 1_000, 'It ended without a report.'))
    expect(outcomeOf('unit', report(), { ...done, outOfTime: true })).toMatchObject({ passed: 0, failed: 1 })
  })
})
