import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileGlob, globProblem } from '../../../src-main/core/policy/glob.ts'

test.each([
  ['github', 'github', true],
  ['github', 'github2', false],
  ['github', 'GitHub', false],
  ['*', '', true],
  ['*', 'any.thing', true],
  ['delete_*', 'delete_', true],
  ['delete_*', 'delete_file', true],
  ['delete_*', 'undelete_file', false],
  ['*_file', 'read_file', true],
  ['*_file', 'read_files', false],
  ['read_?ile', 'read_file', true],
  ['read_?', 'read_', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['**', 'x', true],
  ['{read,list}_*', 'list_files', true],
  ['{read,list}_*', 'write_files', false],
  ['x{,y}', 'x', true],
  ['x{,y}', 'xy', true],
  ['{a,b}{c,d}', 'bd', true],
  ['{a*,b}c', 'aac', true],
  ['a.b', 'axb', false],
  ['?', '\n', true],
])('%s fits %j: %s', (pattern, name, fits) => {
  expect(compileGlob(pattern).fits(name)).toBe(fits)
})

test.each(['', '[ab]', 'a\\*', '{a', 'a}', '{a,{b}}', 'a\u0007', 'x'.repeat(201), '{a,b}'.repeat(7)])(
  '%j is refused',
  (pattern) => {
    expect(globProblem(pattern)).toEqual(expect.any(String))
    expect(() => compileGlob(pattern)).toThrow()
  },
)

test('patterns that make others backtrack without end are quick', () => {
  const started = performance.now()
  for (const pattern of ['*a'.repeat(90), `${'*a'.repeat(90)}*b`, '*'.repeat(200)]) {
    compileGlob(pattern).fits(`${'a'.repeat(20_000)}c`)
  }
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('every pattern fits what the same regular expression fits', () => {
  const texts = (letters: string[], longest: number) =>
    fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: longest }).map((parts) => parts.join(''))
  const patterns = texts(['a', 'b', 'ab', '*', '?', '{a,bb}', '{,b*}'], 6)
  const regexOf = (pattern: string) =>
    pattern.replace(/[*?{},]/g, (sign) => ({ '*': '.*', '?': '.', '{': '(', '}': ')', ',': '|' })[sign] ?? sign)
  let fitting = 0
  fc.assert(
    fc.property(patterns, texts(['a', 'b'], 8), (pattern, name) => {
      const fits = new RegExp(`^(${regexOf(pattern)})$`).test(name)
      if (fits) fitting++
      expect(compileGlob(pattern).fits(name)).toBe(fits)
    }),
    { numRuns: 5_000, seed: 20_261_127 },
  )
  expect(fitting).toBeGreaterThan(500)
})
