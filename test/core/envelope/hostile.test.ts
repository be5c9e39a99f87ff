import { expect, test } from 'vitest'
import { pathsIn } from '../../../src-main/core/envelope/paths.ts'

/** Some 1 MiB of what `part` says. */
function filled(part: (index: number) => string): string {
  const parts: string[] = []
  for (let length = 0, index = 0; length < 1024 * 1024; index++)
    length += parts[parts.push(part(index)) - 1]?.length ?? 0
  return parts.join('')
}

test.each<[string, (index: number) => string]>([
  ['absolute paths', (index) => `/a${index} `],
  ['paths upwards', (index) => `../x${index} `],
  ['quoted paths', (index) => `"./x ${index}" '/b\\ ${index}' `],
  ['variables', (index) => `$HOME/x${index} `],
])('a text of nothing but %s is not looked through to its end, so nobody may call it harmless', (_what, part) => {
  const found = pathsIn({ text: filled(part) }, ['/srv'])
  expect(found.complete).toBe(false)
  expect(found.paths.length + found.suspects.length).toBeLessThan(10_000)
})

test('names without folders do not add up to that: rows of a table are looked through', () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => [`name ${index}`, `a${index}@example.com`])
  expect(pathsIn({ rows }, ['/srv'])).toMatchObject({ complete: true, paths: [] })
})

test('web addresses lead nowhere, however many a text holds', () => {
  const text = filled((index) => `https://example.com/${index} `)
  expect(pathsIn({ text }, ['/srv'])).toEqual({ complete: true, paths: [], suspects: [] })
})
