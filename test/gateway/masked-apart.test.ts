import { afterEach, expect, test } from 'vitest'
import { simplePolicy } from '../fakes/gateway.ts'
import { legacyClient, tokenFor } from '../fakes/http-client.ts'
import { startOdd } from '../fakes/traffic.ts'

let odd: Awaited<ReturnType<typeof startOdd>>
afterEach(() => odd.gateway.close())

/** Two keys of the envelope that are one once what is secret in them is masked. */
const answer = Buffer.from(
  '{"jsonrpc":"2.0","id":@ID@,"result":{"content":[]},"ghp_aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4fG6":1,"ghp_zB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4fG6":2}',
).toString('base64')

test('an answer that masking makes unreadable is withheld, through every door, and ends nothing', async () => {
  odd = await startOdd(simplePolicy(), { http: true })
  const client = await odd.connect()
  expect((await client.call('read_odd', { answer })).outcome).toBe('RESULT_WITHHELD')
  const all = odd.gateway.connect('', ['--all'])
  await all.initialize()
  expect((await all.call('odd__read_odd', { answer })).outcome).toBe('RESULT_WITHHELD')
  const { token } = await tokenFor(odd.gateway.core)
  const remote = await legacyClient(odd.gateway.core.httpPort ?? 0, token, 'odd')
  expect((await remote.call('read_odd', { answer })).outcome).toBe('RESULT_WITHHELD')
  // What only passes is answered too.
  expect((await client.request('vendor/new', { answer })).error).toMatchObject({ code: -32600 })
})
