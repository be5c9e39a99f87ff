import { expect, test } from 'vitest'
import { riskFactors } from '../../shared/risk-factors.ts'
import { readFiles } from './source.ts'

const [page] = readFiles('docs', /policy\.md$/)

test('docs/policy.md lists every factor of risk, with its points and when it counts', () => {
  const table = (page?.text ?? '').split('## Risk')[1] ?? ''
  const rows = [...table.matchAll(/^\| `([\w.]+)` \| (\d+) \| (.+?) \|$/gm)]
  expect(rows.map(([, name, points, when]) => [name, points, when])).toEqual(
    Object.entries(riskFactors).map(([name, { points, when }]) => [name, String(points), when]),
  )
})

test('every factor of risk is scored somewhere', () => {
  const source = readFiles('src-main/core/risk', /score\.ts$/)
    .map(({ text }) => text)
    .join('\n')
  const idle = Object.keys(riskFactors).filter((name) => {
    const [family, variant] = name.split('.')
    return !source.includes(variant === undefined ? `'${name}'` : `\`${family}.\${input.`)
  })
  expect(idle).toEqual([])
})
