// Writes docs/reports/test-full.md: what the campaigns at full size covered, and on what. No date: the commit has one.
import { readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join, relative } from 'node:path'

/** @typedef {{ name: string, result: string, seconds: number }} StepResult */

/**
 * The report as Markdown. A test becomes a campaign by setting `task.meta.campaign` to its size and seed.
 * @param {{ root: string, nodeVersion: string, report: import('./count.mjs').Report, steps: StepResult[], lastLine: string }} run
 */
export function fullReport({ root, nodeVersion, report, steps, lastLine }) {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: relative(root, file.name).replaceAll('\\', '/') })),
  )
  const campaigns = tests.flatMap(({ meta, ...test }) => (meta?.campaign ? [{ ...test, campaign: meta.campaign }] : []))
  const slowest = [...tests].sort((a, b) => (b.duration ?? 0) - (a.duration ?? 0)).slice(0, 10)
  return [
    '# Tests at full size',
    '',
    `Written by \`npm run test:full\`. Result: **${lastLine}**.`,
    '',
    `Node ${nodeVersion}, ${process.platform} ${process.arch}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; ${versions(root)}.`,
    '',
    '## Steps',
    '',
    ...table(
      ['step', 'result', 'seconds'],
      steps.map((step) => [step.name, step.result, step.seconds.toFixed(1)]),
    ),
    '',
    '## Campaigns',
    '',
    ...(campaigns.length === 0
      ? ['None yet.']
      : table(
          ['campaign', 'file', 'size', 'seed', 'result', 'seconds'],
          campaigns.map((test) => [
            test.fullName.trim(),
            test.file,
            String(test.campaign.size),
            String(test.campaign.seed ?? ''),
            test.status,
            seconds(test.duration),
          ]),
        )),
    '',
    '## Slowest tests',
    '',
    ...table(
      ['test', 'file', 'seconds'],
      slowest.map((test) => [test.fullName.trim(), test.file, seconds(test.duration)]),
    ),
    '',
  ].join('\n')
}

/** @param {number | null | undefined} ms */
function seconds(ms) {
  return ((ms ?? 0) / 1000).toFixed(1)
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** @param {string} root */
function versions(root) {
  /** @type {{ version: string, dependencies: Record<string, string>, devDependencies: Record<string, string> }} */
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const all = { ...about.dependencies, ...about.devDependencies }
  const shown = ['better-sqlite3', 'vitest', 'typescript'].map((name) => `${name} ${all[name]}`)
  return [`toolgate ${about.version}`, ...shown].join(', ')
}
