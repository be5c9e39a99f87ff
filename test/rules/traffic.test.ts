import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kinds, traffic } from '../../shared/traffic.ts'
import { trafficTable } from '../golden/traffic-table.ts'
import { root } from './source.ts'

const page = readFileSync(join(root, 'docs/traffic.md'), 'utf8')

test('docs/traffic.md says what the code does, method by method', () => {
  expect(page).toContain(`\n${trafficTable()}\n`)
})

test('what is decided is recorded and scanned both ways, and every kind is decided somewhere', () => {
  const decided = Object.values(traffic).filter(({ kind }) => kind !== null)
  expect(decided.filter(({ recorded, scanned }) => recorded !== 'call' || scanned !== 'both ways')).toEqual([])
  expect(new Set(decided.map(({ kind }) => kind))).toEqual(new Set(kinds))
})
