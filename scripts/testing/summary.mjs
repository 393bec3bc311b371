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
 * @property {{ title: string, status: string }[]} assertionResults
 */

/**
 * @param {string} name
 * @param {VitestReport | undefined} report
 * @param {{ code: number, durationMs: number, outOfTime?: boolean }} run
 * @returns {Outcome}
 */
export function outcomeOf(name, report, { code, durationMs, outOfTime = false }) {
  if (outOfTime) return failure(name, durationMs, 'It took too long and was ended.')
  if (!report) return failure(name, durationMs, 'It ended without a report.')
  const remarks = []
  let failed = report.numFailedTests
  for (const file of report.testResults) {
    if (file.status !== 'failed' || file.assertionResults.some(test => test.status === 'failed')) continue
    failed += 1
    remarks.push(`${file.name} could not run: ${file.message?.split('\n')[0] || 'it gave no reason'}`)
  }
  const passed = report.numPassedTests
  if (passed + failed === 0) {
    failed = 1
    remarks.push('It ran no tests although it should.')
  } else if (code !== 0 && failed === 0) {
    failed = 1
    remarks.push('Something failed outside the tests: see its output above.')
  }
  return { name, passed, failed, skipped: report.numPendingTests + report.numTodoTests, remarks, durationMs }
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
