import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { simplePolicy } from '../fakes/gateway.ts'
import { startOdd } from '../fakes/traffic.ts'

let odd: Awaited<ReturnType<typeof startOdd>>
afterEach(() => odd.gateway.close())

const long = 'x'.repeat(1_000_000)
const recorded = () => odd.gateway.entries().reduce((sum, entry) => sum + JSON.stringify(entry).length, 0)

test('names as long as messages are refused, and the record does not grow by them', async () => {
  odd = await startOdd(simplePolicy())
  const client = await odd.connect()
  const before = recorded()
  expect((await client.call(long)).outcome).not.toBe('ok')
  const code = async (method: string, params: object) => (await client.request(method, params)).error?.data?.code
  expect(await code('resources/read', { uri: `a://${long}` })).toBe('MALFORMED_MESSAGE')
  expect(await code('prompts/get', { name: long })).toBe('MALFORMED_MESSAGE')
  expect(await code(long, { path: join(odd.gateway.profile, 'keys', 'x') })).toBe('PROTECTED_PATH')
  const twice = '{"jsonrpc":"2.0","id":"t","method":"ping","params":{"KEY":1,"KEY":2}}'.replaceAll('KEY', long)
  client.write(twice)
  await client.line((line) => line.includes('"id":"t"'))
  const all = odd.gateway.connect('', ['--all'])
  await all.initialize()
  await all.request(long)
  all.write(twice)
  await all.line((line) => line.includes('"id":"t"'))
  expect(recorded() - before).toBeLessThan(50_000)
})
