import { expect, test } from 'vitest'
import { type LimitName, limits } from '../../shared/limits.ts'
import { needsRestart } from '../../shared/settings.ts'
import { readFiles } from './source.ts'

const [page] = readFiles('docs', /limits\.md$/)

test('docs/limits.md lists every limit, with its values and what it bounds', () => {
  const rows = [...(page?.text ?? '').matchAll(/^\| `(\w+)` \| (\d+) \| (\d+) – (\d+) \| (.+?) \|$/gm)]
  const listed = rows.map(([, name, usual, least, most, bounds]) => [name, usual, least, most, bounds])
  const known = Object.entries(limits).map(([name, { usual, least, most, bounds }]) => [
    ...[name, String(usual), String(least), String(most)],
    `${bounds}${needsRestart(name as LimitName) ? '; needs a restart' : ''}`,
  ])
  expect(listed).toEqual(known)
})

test('every limit is enforced somewhere', () => {
  const source = readFiles('src-main/core', /\.ts$/)
    .map(({ text }) => text)
    .join('\n')
  const idle = (Object.keys(limits) as LimitName[]).filter((name) => !source.includes(`'${name}'`))
  expect(idle).toEqual([])
})
