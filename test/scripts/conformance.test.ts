import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { conformanceOutcome } from '../../scripts/conformance/document.mjs'
import { conformanceTables, standards } from '../../scripts/conformance/tables.mjs'
import { temporaryProject } from './project.ts'

const standard = {
  id: 'gotapi',
  title: 'GotAPI',
  asks: ['answers', 'closes', 'sings', 'waits'],
  notApplicable: new Map([[3, 'it has no voice']]),
}
const file = (name: string, ...tests: [title: string, status: string][]) => ({
  name,
  assertionResults: tests.map(([title, status]) => ({ title, status })),
})
const rows = (...files: ReturnType<typeof file>[]) =>
  conformanceTables([standard], files)
    .split('\n')
    .filter(line => line.startsWith('| gotapi'))

describe('the conformance tables', () => {
  it('say for every line whether it holds and where that is proven', () => {
    const files = [
      file('b.test.ts', ['gotapi 1: it answers', 'passed'], ['gotapi 2, 4: both', 'passed']),
      file('a.test.ts', ['gotapi 1: once more', 'passed'], ['speaks of gotapi 4: no', 'failed']),
    ]
    expect(rows(...files)).toEqual([
      '| gotapi 1 | answers | pass | a.test.ts<br>b.test.ts |',
      '| gotapi 2 | closes | pass | b.test.ts |',
      '| gotapi 3 | sings | not applicable: it has no voice |  |',
      '| gotapi 4 | waits | pass | b.test.ts |',
    ])
  })

  it('let one failing test fail the line, and a skipped one prove nothing', () => {
    const found = rows(
      file('a', ['gotapi 1: a', 'passed'], ['gotapi 1: b', 'failed'], ['gotapi 2: c', 'pending']),
    )
    expect(found[0]).toContain('| fail |')
    expect(found[1]).toContain('| untested |')
  })

  it('name tests that speak of lines which do not exist', () => {
    expect(conformanceTables([standard], [file('a', ['gotapi 77: a', 'passed'])])).toContain(
      'do not exist: 77',
    )
  })

  it('hold all of the checklists', () => {
    expect(standards.map(({ id, asks }) => [id, asks.length])).toEqual([['gotapi', 126]])
    for (const { asks } of standards) expect(new Set(asks).size).toBe(asks.length)
  })
})

describe('docs/conformance.md', () => {
  const report = JSON.stringify({ testResults: [] })

  it('is written anew by a run, and then current', () => {
    const root = temporaryProject({ 'test-results/unit.json': report, 'docs/conformance.md': 'old' })
    const run = (isCi: boolean) => conformanceOutcome({ root, reports: ['unit', 'electron'], isCi })
    expect(run(false).remarks).toEqual([expect.stringContaining('written anew')])
    expect(readFileSync(join(root, 'docs/conformance.md'), 'utf8')).toContain('| gotapi 126 |')
    expect(run(true)).toMatchObject({ passed: 1, failed: 0, remarks: [] })
  })

  it('fails in CI when it says something else than the run, and is left alone', () => {
    const root = temporaryProject({ 'test-results/unit.json': report, 'docs/conformance.md': 'old' })
    const outcome = conformanceOutcome({ root, reports: ['unit'], isCi: true })
    expect(outcome).toMatchObject({
      passed: 0,
      failed: 1,
      remarks: [expect.stringContaining('commit the page')],
    })
    expect(readFileSync(join(root, 'docs/conformance.md'), 'utf8')).toBe('old')
  })
})
