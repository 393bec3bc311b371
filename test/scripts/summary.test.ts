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
const done = { code: 0, durationMs: 1_000 }
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
      { name: 'a.test.ts', status: 'failed', message: 'Cannot find module\nat …', assertionResults: [] },
      { name: 'b.test.ts', status: 'failed', assertionResults: [{ title: 'b', status: 'failed' }] },
    ]
    expect(outcomeOf('unit', report({ numFailedTests: 1, testResults }), { ...done, code: 1 })).toMatchObject(
      {
        failed: 2,
        remarks: ['a.test.ts could not run: Cannot find module'],
      },
    )
  })

  it('fails when the runner failed outside any test', () => {
    expect(outcomeOf('unit', report(), { ...done, code: 1 })).toMatchObject({ passed: 3, failed: 1 })
  })

  it('fails without a report and when its time is over', () => {
    expect(outcomeOf('unit', undefined, done)).toEqual(failure('unit', 1_000, 'It ended without a report.'))
    expect(outcomeOf('unit', report(), { ...done, outOfTime: true })).toMatchObject({ passed: 0, failed: 1 })
  })
})
