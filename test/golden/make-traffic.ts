// Writes the table of methods into docs/traffic.md: `npx node test/golden/make-traffic.ts`.
import { readFileSync, writeFileSync } from 'node:fs'
import { trafficTable } from './traffic-table.ts'

const page = new URL('../../docs/traffic.md', import.meta.url)
const text = readFileSync(page, 'utf8')
writeFileSync(
  page,
  text.replace(/\| method \|[\s\S]*?\n(?=\n)/, () => `${trafficTable()}\n`),
)
