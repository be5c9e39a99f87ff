import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parsePolicyFiles } from '../../src-main/core/policy/parse.ts'
import { readTests } from '../../src-main/core/policy/tests/read-tests.ts'
import { documents, linkTargets, namedPaths, npmScripts, ruleFiles } from './docs.ts'
import { root } from './source.ts'

const about: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'])('every path that %s names exists', (name) => {
  const named = namedPaths(readFileSync(join(root, name), 'utf8'))
  expect(named.length).toBeGreaterThan(3)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test.each(documents())('every link of $path leads somewhere', ({ path, text }) => {
  expect(linkTargets(text).filter((to) => !existsSync(join(root, dirname(path), to)))).toEqual([])
})

test.each(documents())('every npm script that $path names exists', ({ text }) => {
  expect(npmScripts(text).filter((name) => !Object.hasOwn(about.scripts, name))).toEqual([])
})

test('every rule file shown in a document is without problems and warnings', () => {
  const shown = documents().flatMap(({ path, text }) => ruleFiles(text).map((rules) => ({ path, text: rules })))
  expect(shown.length).toBeGreaterThan(0)
  const [tests, rules] = [shown.filter(isOfTests), shown.filter((file) => !isOfTests(file))]
  const results = rules.map((file) => parsePolicyFiles([{ ...file, origin: 'local' }]))
  expect(results.flatMap(({ problems, warnings }) => [...problems, ...warnings])).toEqual([])
  expect(tests.flatMap((file) => readTests({ ...file, origin: 'local' }).problems)).toEqual([])
})

function isOfTests({ text }: { text: string }): boolean {
  return /^tests:/m.test(text)
}

test('every npm script runs a file that exists', () => {
  const files = Object.values(about.scripts).flatMap((line) => line.match(/\bscripts\/[\w.-]+/g) ?? [])
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

test('paths are found in prose, not in fenced blocks, commands or addresses', () => {
  const text =
    'see `shared/errors.ts`, `src-main/core/`, `README.md`, `docs/reports`, `npm test`, `tools/call`, `.ts`, `a b/c`\n```\n`no/path.ts`\n```\n'
  expect(namedPaths(text)).toEqual(['shared/errors.ts', 'src-main/core/', 'README.md', 'docs/reports'])
})
