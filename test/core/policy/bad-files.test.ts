import { expect, test } from 'vitest'
import { parsePolicyFiles } from '../../../src-main/core/policy/parse.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import { compileSnapshot } from '../../../src-main/core/policy/snapshot.ts'
import { errorCases, expectedOf, filesOf } from '../../golden/policy/make-errors.ts'
import { sha256 } from './call.ts'

test.each(errorCases())('%s is refused with place, expectation and suggestion', (name) => {
  const { problems } = parsePolicyFiles(filesOf(name))

  expect(problems).toEqual(expectedOf(name))
  expect(problems.length).toBeGreaterThan(0)
  for (const problem of problems) {
    expect(problem.message).toMatch(/^[^A-Z].*[^.]$/)
    expect(problem.expected).not.toBe('')
    expect(problem.suggestion).not.toBe('')
  }
})

test.each(errorCases())('%s compiles to no snapshot', (name) => {
  expect(compileSnapshot(filesOf(name), sha256).snapshot).toBeNull()
})

test('one broken file keeps all files from being used', () => {
  const good: PolicyFile = {
    path: 'good.yaml',
    origin: 'local',
    text: 'version: v1\nrules: [{ id: g, when: "true", decision: ALLOW }]',
  }
  const bad: PolicyFile = { path: 'bad.yaml', origin: 'org', text: 'version: v1\nrules: []' }

  const { snapshot, problems } = compileSnapshot([good, bad], sha256)

  expect(snapshot).toBeNull()
  expect(problems.map((problem) => problem.file)).toEqual(['bad.yaml'])
})

test('text from a file cannot steer the terminal that shows a problem', () => {
  const text = `version: v1\nrules:\n  - id: a\n    "\\e[2J\\u202Edeny": 1\n    decision: DENY\n    when: "true"\n`

  const { problems } = parsePolicyFiles([{ path: 'a.yaml', text, origin: 'local' }])

  expect(problems.map((problem) => problem.message)).toEqual(['`\u{fffd}[2J\u{fffd}deny` is not a key of a rule'])
})

test.each([
  ['many keys in one map', Array.from({ length: 30_000 }, (_, i) => `k${i}: 1\n`).join('')],
  ['the same key many times', 'a: 1\n'.repeat(60_000)],
  ['many empty rules', `version: v1\nrules:\n${'  - { x: 1 }\n'.repeat(20_000)}`],
  ['many aliases', `a: [${'*a, '.repeat(60_000)}]`],
])('%s: problems are listed within bounds', (_, text) => {
  const { problems } = parsePolicyFiles([{ path: 'a.yaml', text, origin: 'local' }])

  expect(problems.length).toBeGreaterThan(0)
  expect(problems.length).toBeLessThanOrEqual(200)
})

test('a prefix of a raw argument is allowed but warned about, at its place', () => {
  const text =
    "version: v1\nrules:\n  - id: a\n    decision: DENY\n    when: tool.name == 'x' || args.path.startsWith('/etc')\n"

  const { problems, warnings } = parsePolicyFiles([{ path: 'a.yaml', text, origin: 'local' }])

  expect(problems).toEqual([])
  expect(warnings).toEqual([
    {
      file: 'a.yaml',
      line: 5,
      column: 31,
      message: 'a prefix of a raw argument says little: `..` and links lead elsewhere',
      expected: 'a test of canonical paths',
      suggestion: 'write `resource.paths.exists(p, p.startsWith("…"))`',
    },
  ])
})
