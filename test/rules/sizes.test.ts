import { expect, test } from 'vitest'
import { functionSizes, lineCount } from './sizes.ts'
import { readFiles } from './source.ts'

/** Most lines of a file, by where it lies; the first line that fits counts. */
const fileCeilings: readonly [pattern: RegExp, lines: number][] = [
  [/^src-main\/core\/pipeline\//, 120],
  [/^test\//, 400],
  [/./, 300],
]

const functionCeiling = 60

/** What may be longer, how long, and why that is better than a split. */
const exceptions: Record<string, { lines: number; why: string }> = {}

const files = ['shared', 'src-main', 'scripts', 'bin', 'bench', 'test'].flatMap((folder) =>
  readFiles(folder, /\.(ts|mjs)$/).filter(({ path }) => !path.startsWith('test/golden/')),
)

test('no file is longer than its ceiling', () => {
  const tooLong = files.flatMap(({ path, text }) => {
    const ceiling = exceptions[path]?.lines ?? fileCeilings.find(([pattern]) => pattern.test(path))?.[1] ?? 0
    return lineCount(text) > ceiling ? [`${path} has ${lineCount(text)} lines, at most ${ceiling}`] : []
  })
  expect(tooLong).toEqual([])
})

test('every exception is still needed', () => {
  const stale = Object.keys(exceptions).filter((path) => {
    const file = files.find((it) => it.path === path)
    return !file || lineCount(file.text) <= (fileCeilings.find(([pattern]) => pattern.test(path))?.[1] ?? 0)
  })
  expect(stale).toEqual([])
})

test('no function of the product is longer than its ceiling', () => {
  const product = files.filter(({ path }) => !path.startsWith('test/'))
  const tooLong = product.flatMap((file) =>
    functionSizes(file)
      .filter(({ lines }) => lines > functionCeiling)
      .map(({ name, line, lines }) => `${file.path}:${line} ${name} has ${lines} lines of its own`),
  )
  expect(tooLong).toEqual([])
})

test('lines of a function inside another count once', () => {
  const text = 'function outer() {\n  const inner = () => {\n    return 1\n  }\n  return inner\n}\n'
  expect(functionSizes({ path: 'a.ts', text })).toEqual([
    { name: 'anonymous function', line: 2, lines: 3 },
    { name: 'outer', line: 1, lines: 3 },
  ])
})
