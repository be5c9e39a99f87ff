import { expect, test } from 'vitest'
import { undocumentedExports } from './docstrings.ts'
import { sourceFiles } from './source.ts'

test('every export of the product says in a sentence what it answers', () => {
  expect(sourceFiles().flatMap(undocumentedExports)).toEqual([])
})

test.each([
  ['export const a = 1', ['a.ts:1 a']],
  ['/** What. */\nexport const a = 1', []],
  ['// What.\nexport function a() {}', []],
  ['/** What. */\n\nexport type A = 1', ['a.ts:3 A']],
  ['/** What. */\nexport const a = 1\nexport type A = typeof a', []],
  ['/** What. */\nexport const a = 1\n\nexport type B = typeof a', ['a.ts:4 B']],
  ['/** What. */\nexport const A = 1\n\nexport type A = typeof A', []],
  ['export type A = ReturnType<typeof a>\n\n/** What. */\nexport function a() {}', []],
  ['export type A = { a: 1 }', ['a.ts:1 A']],
  ['const a = 1\nexport class B {}', ['a.ts:2 B']],
  ['const a = 1 // aside\nexport const b = a', ['a.ts:2 b']],
  ['const a = 1\nexport { a }', []],
])('%j', (text, missing) => {
  expect(undocumentedExports({ path: 'a.ts', text })).toEqual(missing)
})
