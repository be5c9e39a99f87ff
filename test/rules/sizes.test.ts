import { expect, test } from 'vitest'
import { functionSizes, lineCount } from './sizes.ts'
import { readFiles } from './source.ts'

/** Most lines of a file, by where it lies; the first line that fits counts. */
const fileCeilings: readonly [pattern: RegExp, lines: number][] = [
  [/^src-main\/core\/pipeline\//, 120],
  [/^src-renderer\/.*\.tsx$/, 200],
  [/^test\//, 400],
  [/./, 300],
]

const functionCeiling = 60

/** What may be longer, how long, and why that is better than a split: files by path, functions by `path name`. */
const exceptions: Record<string, { lines: number; why: string }> = {
  'test/rules/layers.ts': { lines: 630, why: 'one table of who may import whom, with a reason for each folder' },
  'src-main/core/pipeline/trail.ts': { lines: 200, why: 'no stage: what every state of a call puts into the audit' },
  'src-main/core/pipeline/call.ts': {
    lines: 160,
    why: 'no stage: the types that make the order of the stages compile',
  },
  'src-main/core/core.ts createCore': {
    lines: 150,
    why: 'the wiring of all parts, read top to bottom, with no branch',
  },
}

const files = ['shared', 'src-main', 'src-renderer', 'scripts', 'bin', 'bench', 'test'].flatMap((folder) =>
  readFiles(folder, /\.(tsx?|mjs)$/).filter(({ path }) => !path.startsWith('test/golden/')),
)

const fileCeiling = (path: string) => fileCeilings.find(([pattern]) => pattern.test(path))?.[1] ?? 0

/** Everything that has a ceiling: its key in `exceptions`, how it is shown, its lines and the ceiling it has by rule. */
const measured = files.flatMap((file) => [
  { key: file.path, shown: file.path, lines: lineCount(file.text), ceiling: fileCeiling(file.path) },
  ...(file.path.startsWith('test/') ? [] : functionSizes(file)).map(({ name, line, lines }) => ({
    key: `${file.path} ${name}`,
    shown: `${file.path}:${line} ${name}`,
    lines,
    ceiling: functionCeiling,
  })),
])

test('no file and no function of the product is longer than its ceiling', () => {
  const tooLong = measured
    .map((it) => ({ ...it, ceiling: exceptions[it.key]?.lines ?? it.ceiling }))
    .filter(({ lines, ceiling }) => lines > ceiling)
  expect(tooLong.map(({ shown, lines, ceiling }) => `${shown} has ${lines} lines, at most ${ceiling}`)).toEqual([])
})

test('every exception is still needed', () => {
  const needed = new Set(measured.filter(({ lines, ceiling }) => lines > ceiling).map(({ key }) => key))
  expect(Object.keys(exceptions).filter((key) => !needed.has(key))).toEqual([])
})

test('lines of a function inside another count once', () => {
  const text = 'function outer() {\n  const inner = () => {\n    return 1\n  }\n  return inner\n}\n'
  expect(functionSizes({ path: 'a.ts', text })).toEqual([
    { name: 'anonymous function', line: 2, lines: 3 },
    { name: 'outer', line: 1, lines: 3 },
  ])
})
