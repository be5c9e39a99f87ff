// `npm test` and `npm run test:full`: every check there is, in one go; the last line is `N passed, N failed`.
// `npm test -- <path or vitest option>…` runs only those tests.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureReady, fail } from './lib.mjs'
import { provideBrowser, thisMachine } from './setup/browser.mjs'
import { installPeers } from './setup/peers.mjs'
import { provideSandbox } from './setup/sandbox.mjs'
import { countTests } from './testing/count.mjs'
import { fullReport } from './testing/full-report.mjs'
import { needsBrowser } from './testing/needs-browser.mjs'
import { runStep } from './testing/run-step.mjs'

/** @typedef {import('./testing/full-report.mjs').StepResult} StepResult */

const full = process.argv.includes('--full')
const chosen = process.argv.slice(2).filter((arg) => arg !== '--full')

/** Checks that are one pass or fail each, by the program in node_modules that makes them. */
const checks = [
  { name: 'format and lint', args: ['@biomejs/biome/bin/biome', 'ci', '.'] },
  { name: 'types', args: ['typescript/bin/tsc', '-b'] },
  { name: 'unused code', args: ['knip/bin/knip.js'] },
]

/** @type {StepResult[]} */
const steps = []
const total = { passed: 0, failed: 0, skipped: 0 }

/**
 * Runs a step and notes how it went; `work` gives the counts it adds to the total.
 * @param {string} name
 * @param {() => Promise<{ passed: number, failed: number, skipped: number }>} work
 */
async function step(name, work) {
  process.stdout.write(`\n── ${name}\n`)
  const began = performance.now()
  const count = await work().catch((error) => {
    fail(error)
    return { passed: 0, failed: 1, skipped: 0 }
  })
  total.passed += count.passed
  total.failed += count.failed
  total.skipped += count.skipped
  const result = name === 'tests' ? words(count) : count.failed === 0 ? 'passed' : 'failed'
  steps.push({ name, result, seconds: (performance.now() - began) / 1000 })
}

/** @param {{ passed: number, failed: number, skipped: number }} count */
function words({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

const oneOf = (/** @type {boolean} */ passed) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 })

/** @type {import('./lib.mjs').Ready | undefined} */
let ready
/** Path of the browser that tests drive; null when there is none, and then the tests that need one fail. */
let browser = /** @type {string | null} */ (null)
/** @type {import('./testing/count.mjs').Report | null} */
let report = null

/** Runs vitest and counts what its report says, not what its exit code says alone. */
async function runTests(/** @type {import('./lib.mjs').Ready} */ at) {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-test-'))
  try {
    const file = join(folder, 'report.json')
    const args = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json']
    const env = {
      ...(full ? { TOOLGATE_TEST_FULL: '1' } : {}),
      ...(browser === null ? {} : { TOOLGATE_TEST_BROWSER: browser }),
    }
    const { code } = await runStep(at, [...args, `--outputFile.json=${file}`, ...chosen], { stream: true, env })
    report = readReport(file)
    const count = countTests(report, code)
    for (const problem of count.problems) process.stdout.write(`${problem}\n`)
    return count
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : error}\n`)
    return null
  }
}

await step('packages', async () => {
  ready = await ensureReady({ build: false })
  return oneOf(true)
})
if (ready) {
  const at = ready
  await step('build', async () => oneOf(Boolean(await ensureReady({ build: true }))))
  if (chosen.length === 0) {
    for (const { name, args } of checks) {
      const [program = '', ...rest] = args
      await step(name, async () => oneOf((await runStep(at, [join('node_modules', program), ...rest])).code === 0))
    }
  }
  if (await needsBrowser(at, chosen)) {
    await step('browser', async () => {
      browser = await provideBrowser(thisMachine(at))
      process.stdout.write(`${browser}\n`)
      return oneOf(true)
    })
    // Among the tests that drive a browser are those that meet other people's programs.
    await step('peers', async () => {
      await installPeers(at.root)
      return oneOf(true)
    })
  }
  await step('sandbox', async () => {
    const found = await provideSandbox(thisMachine(at))
    process.stdout.write(`${found ?? 'bubblewrap is not here: what it holds servers to is NOT TESTED'}\n`)
    return oneOf(true)
  })
  await step('tests', () => runTests(at))
  if (full && chosen.length === 0 && report) {
    const nodeVersion = execFileSync(at.node, ['--version'], { encoding: 'utf8' }).trim()
    mkdirSync(join(at.root, 'docs', 'reports'), { recursive: true })
    const text = fullReport({ root: at.root, nodeVersion, report, steps, lastLine: words(total) })
    writeFileSync(join(at.root, 'docs', 'reports', 'test-full.md'), text)
    process.stdout.write('\nwrote docs/reports/test-full.md\n')
  }
}

const width = Math.max(...steps.map(({ name }) => name.length))
const wide = Math.max(...steps.map(({ result }) => result.length))
process.stdout.write('\n')
for (const { name, result, seconds } of steps) {
  process.stdout.write(`${name.padEnd(width)}  ${result.padEnd(wide)}  ${seconds.toFixed(1).padStart(6)} s\n`)
}
process.stdout.write(`\n${words(total)}\n`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
