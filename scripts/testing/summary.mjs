import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/**
 * Adds up what the runners found. Pure, so that the rule "a skip is a failure in CI" can be read and tested in one place.
 *
 * @typedef {object} Outcome One part of the test run.
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} remarks What a person must know: why it was skipped, what failed outside any test.
 * @property {number} durationMs
 *
 * @typedef {object} VitestReport The part of vitest's JSON report that counts.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {VitestFile[]} testResults
 *
 * @typedef {object} VitestFile
 * @property {string} name
 * @property {string} status
 * @property {string} [message]
 * @property {VitestTest[]} assertionResults
 *
 * @typedef {{ title: string, fullName: string, status: string, failureMessages?: string[] }} VitestTest
 */

/** A log is often cut to its end, and the sum with it: more names than these would push the first ones out. */
const NAMED = 30
const LONGEST_MESSAGE = 300

/**
 * @param {string} name
 * @param {VitestReport | undefined} report
 * @param {{ code: number, output: string, outOfTime: boolean, durationMs: number, root: string }} run
 * @returns {Outcome}
 */
export function outcomeOf(name, report, { code, output, outOfTime, durationMs, root }) {
  if (outOfTime) return failure(name, durationMs, 'It took too long and was ended.')
  if (!report) return failure(name, durationMs, 'It ended without a report.')
  const broken = report.testResults.filter(
    file => file.status === 'failed' && !file.assertionResults.some(isFailed),
  )
  let failed = report.numFailedTests + broken.length
  const remarks = namesOf(report, root)
  const passed = report.numPassedTests
  if (passed + failed === 0) {
    failed = 1
    remarks.push('It ran no tests although it should.')
  } else if (code !== 0 && failed === 0) {
    failed = 1
    remarks.push('Something failed outside the tests:', ...outsideTests(output))
  }
  return { name, passed, failed, skipped: report.numPendingTests + report.numTodoTests, remarks, durationMs }
}

/** @param {VitestTest} test */
const isFailed = test => test.status === 'failed'

/**
 * What failed, each with the first line of its reason.
 *
 * @param {VitestReport} report
 * @param {string} root
 */
function namesOf(report, root) {
  const names = report.testResults
    .filter(file => file.status === 'failed')
    .flatMap(file => {
      const path = relative(root, file.name)
      const failed = file.assertionResults.filter(isFailed)
      if (failed.length === 0) return [`${path} could not run: ${firstLine(file.message)}`]
      return failed.map(test => `${path}: ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`)
    })
  const more = names.length - NAMED
  return more > 0 ? [...names.slice(0, NAMED), `and ${more} more`] : names
}

/** @param {string | undefined} message */
function firstLine(message = '') {
  const [line = ''] = stripVTControlCharacters(message).trim().split('\n')
  return line.slice(0, LONGEST_MESSAGE) || 'it gave no reason'
}

/**
 * Vitest's report says nothing of an error that no test waited for; its output does, at the end.
 *
 * @param {string} output
 */
function outsideTests(output) {
  const lines = output
    .split('\n')
    .map(line => line.trim())
    .filter(line => line && !line.includes('node_modules'))
  const begins = lines.findIndex(line => line.includes('Unhandled Errors'))
  return begins < 0 ? lines.slice(-NAMED) : lines.slice(begins + 1, begins + 1 + NAMED)
}

/**
 * @param {string} name
 * @param {number} durationMs
 * @param {string} remark
 * @returns {Outcome}
 */
export function failure(name, durationMs, remark) {
  return { name, passed: 0, failed: 1, skipped: 0, remarks: [remark], durationMs }
}

/**
 * @param {string} name
 * @param {string} reason
 * @returns {Outcome}
 */
export function skip(name, reason) {
  return { name, passed: 0, failed: 0, skipped: 1, remarks: [`SKIPPED: ${reason}`], durationMs: 0 }
}

/**
 * For what depends on somebody else's server: said clearly, and no failure even in CI.
 *
 * @param {string} name
 * @param {string} reason
 * @returns {Outcome}
 */
export function notRun(name, reason) {
  return { name, passed: 0, failed: 0, skipped: 0, remarks: [`NOT RUN: ${reason}`], durationMs: 0 }
}

/**
 * @param {readonly Outcome[]} outcomes
 * @param {{ isCi: boolean }} options
 * @returns {{ lines: string[], closing: string, exitCode: number }}
 */
export function summarise(outcomes, { isCi }) {
  const counted = outcomes.map(outcome =>
    isCi ? { ...outcome, failed: outcome.failed + outcome.skipped, skipped: 0 } : outcome,
  )
  const total = { passed: 0, failed: 0, skipped: 0 }
  const lines = []
  for (const [at, { name, passed, failed, skipped, remarks, durationMs }] of counted.entries()) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
    lines.push(
      `${name.padEnd(12)}${verdict({ failed, skipped, passed }).padEnd(9)}${count({ passed, failed, skipped })} in ${seconds(durationMs)}`,
    )
    for (const remark of remarks) lines.push(`            ${remark}`)
    if (isCi && (outcomes[at]?.skipped ?? 0) > 0) lines.push('            In CI a skip is a failure.')
  }
  return { lines, closing: count(total), exitCode: total.failed > 0 || total.passed === 0 ? 1 : 0 }
}

/** @param {{ passed: number, failed: number, skipped: number }} counts */
function count({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** @param {{ passed: number, failed: number, skipped: number }} counts */
function verdict({ passed, failed, skipped }) {
  if (failed > 0) return 'FAILED'
  if (passed > 0) return 'passed'
  return skipped > 0 ? 'SKIPPED' : 'NOT RUN'
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`
}
