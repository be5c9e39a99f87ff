import { expect, test } from 'vitest'
import { countTests } from '../../scripts/testing/count.mjs'

const file = (statuses: string[], more: { status?: string; message?: string } = {}) => ({
  name: 'a.test.ts',
  status: statuses.includes('failed') ? 'failed' : 'passed',
  message: '',
  assertionResults: statuses.map((status) => ({ fullName: 'it works', status })),
  ...more,
})

test.each([
  ['all pass', [file(['passed', 'passed'])], 0, [2, 0, 0]],
  ['one fails', [file(['passed', 'failed'])], 1, [1, 1, 0]],
  ['skipped and still to write', [file(['passed', 'skipped', 'todo'])], 0, [1, 0, 2]],
  ['one never ended', [file(['passed', 'pending'])], 1, [1, 1, 0]],
  ['a file does not load', [file(['passed']), file([], { status: 'failed', message: 'no such module' })], 1, [1, 1, 0]],
  ['set-up fails, so its tests are skipped', [file(['skipped'], { status: 'failed' })], 1, [0, 1, 1]],
  ['an error outside of any test', [file(['passed'])], 1, [1, 1, 0]],
  ['killed after the report', [file(['passed'])], 'SIGKILL', [1, 1, 0]],
  ['no file', [], 0, [0, 1, 0]],
  ['only skipped tests', [file(['skipped'])], 0, [0, 1, 1]],
] as const)('%s', (_, files, exit, [passed, failed, skipped]) => {
  expect(countTests({ testResults: [...files] }, exit)).toMatchObject({ passed, failed, skipped })
})

test('no report at all is a failure that says how vitest ended', () => {
  expect(countTests(null, 'SIGSEGV')).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
    problems: ['vitest ended (SIGSEGV) without a report'],
  })
})

test('a file that did not load is named with its reason', () => {
  const report = { testResults: [file([], { status: 'failed', message: 'no such module\n  at x' })] }
  expect(countTests(report, 1).problems).toEqual(['a.test.ts did not run: no such module'])
})
