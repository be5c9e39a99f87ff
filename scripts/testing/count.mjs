// Answers: how many tests passed, failed and were skipped, counting as failed everything that kept a test from running.

/**
 * The part of vitest's JSON report that is read here.
 * @typedef {{ fullName: string, status: string, duration?: number | null, meta?: { campaign?: Campaign } }} TestResult
 * @typedef {{ name: string, status: string, message: string, assertionResults: TestResult[] }} FileResult
 * @typedef {{ testResults: FileResult[] }} Report
 * @typedef {{ size: number, seed?: number | string }} Campaign
 * @typedef {{ passed: number, failed: number, skipped: number, problems: string[] }} Count
 */

/**
 * Counts a report; `null` stands for none. Problems are failures that no test shows: they are one failure each.
 * @param {Report | null} report
 * @param {number | string} exit vitest's exit code, or the signal that ended it
 * @returns {Count}
 */
export function countTests(report, exit) {
  if (report === null)
    return { passed: 0, failed: 1, skipped: 0, problems: [`vitest ended (${exit}) without a report`] }
  const count = { passed: 0, failed: 0, skipped: 0 }
  /** @type {string[]} */
  const problems = []
  for (const file of report.testResults) {
    const failedBefore = count.failed
    for (const { status } of file.assertionResults) {
      if (status === 'passed') count.passed++
      else if (status === 'skipped' || status === 'todo' || status === 'disabled') count.skipped++
      else count.failed++ // `failed`, and `pending`: began and never ended
    }
    const shown = count.failed > failedBefore
    if (file.status !== 'passed' && !shown) problems.push(`${file.name} did not run: ${firstLine(file.message)}`)
  }
  if (count.passed + count.failed === 0 && problems.length === 0) problems.push('no test ran')
  if (exit !== 0 && count.failed === 0 && problems.length === 0) {
    problems.push(`vitest ended with ${exit} although no test failed, see its output above`)
  }
  return { ...count, failed: count.failed + problems.length, problems }
}

/** @param {string} text */
function firstLine(text) {
  return text.split('\n', 1)[0] || 'no message'
}
