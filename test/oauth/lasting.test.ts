import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { putAccess } from '../fakes/access-file.ts'
import { person, simplePolicy, startGateway } from '../fakes/gateway.ts'
import { legacyClient, modernClient } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { letIn, registerClient } from '../fakes/oauth-client.ts'

const minute = 60_000
const hour = 60 * minute

/** A gateway whose clocks can be moved on, and an app that may read what its two servers have once it is let in. */
async function start() {
  const { clock, advance } = movedClock()
  let later = 0
  const { now } = clock
  const gateway = await startGateway({
    ...{ policy: simplePolicy(), http: { port: 0 } },
    ports: { clock: { ...clock, now: () => now() + later } },
  })
  onTestFinished(() => gateway.close())
  await gateway.addServer('script', 'scripted-server', { SCRIPT_LOG: join(gateway.folder, 'script.log') })
  await gateway.addServer('notes', 'notes-server')
  const port = gateway.core.httpPort ?? 0
  const client = await registerClient(port)
  await putAccess(gateway, `version: v1\nbindings: [{ policy: mcp.read_only, clients: [${client.id}] }]\n`)
  return {
    ...{ gateway, port, client },
    sessions: async () => (await gateway.core.handlers.status({}, person)).sessions,
    /** Moves the date on and, by so little that nothing ends for want of use, the rest: open answers are looked at once. */
    pass(ms: number) {
      later += ms
      advance(15_000)
    },
    /** Moves both on, as far. */
    idle(ms: number) {
      later += ms
      advance(ms)
    },
  }
}

const held = { name: 'read_script', arguments: { hold: 'it' } }
const call = JSON.stringify({ jsonrpc: '2.0', id: 'held', method: 'tools/call', params: held })

/** All that an app can have open for long, and whether it is over. */
async function openAll(port: number, token: string) {
  const session = await legacyClient(port, token, 'script')
  const standing = await session.listen()
  const asked = await session.stream(call)
  const json = session.post(call.replace('"held"', '"json"'), { accept: 'application/json' }).then(
    () => 'answered',
    () => 'cut off',
  )
  const listening = await modernClient(port, token, 'script')
    .start('subscriptions/listen', { notifications: { toolsListChanged: true } })
    .events()
  await listening.until((data) => data.includes('acknowledged'))
  const streams = [standing, asked, listening]
  return { session, json, ended: () => streams.map(({ ended }) => ended()) }
}

test('an app that was let in for an hour hears nothing after it, and its sessions end unused; let in again it goes on', async () => {
  const { gateway, port, client, sessions, pass, idle } = await start()
  const { tokens } = await letIn(gateway.core, client, { answer: 'once' })
  const { session, json, ended } = await openAll(port, tokens.access_token)
  pass(hour - minute)
  // What ended at the look would have been told by the time that another request is answered.
  expect((await session.post('{"jsonrpc":"2.0","id":0,"method":"ping"}')).status).toBe(200)
  expect(ended()).toEqual([false, false, false])

  pass(minute + 1_000)
  await expect.poll(ended).toEqual([true, true, true])
  expect(await json).toBe('cut off')
  expect((await session.post('{"jsonrpc":"2.0","id":1,"method":"ping"}')).status).toBe(401)

  // What it did not hear is kept for a while, as for whoever loses the connection.
  const again = (await letIn(gateway.core, client, { answer: 'once' })).tokens
  const bearer = { authorization: `Bearer ${again.access_token}` }
  expect((await session.post('{"jsonrpc":"2.0","id":2,"method":"ping"}', bearer)).status).toBe(200)
  expect(await sessions()).toBe(2)
  idle(31 * minute)
  await expect.poll(sessions).toBe(0)
  expect((await session.post('{"jsonrpc":"2.0","id":3,"method":"ping"}', bearer)).status).toBe(404)
})

test('what an app opened that may renew its tokens goes on after the first is over, until none of them is good', async () => {
  const { gateway, port, client, sessions, pass, idle } = await start()
  const { tokens } = await letIn(gateway.core, client, { answer: 'always' })
  const { session, ended } = await openAll(port, tokens.access_token)
  idle(hour)
  expect((await session.post('{"jsonrpc":"2.0","id":1,"method":"ping"}')).status).toBe(401)
  expect([await sessions(), ...ended()]).toEqual([2, false, false, false])
  const renewed = JSON.parse((await client.refresh(tokens.refresh_token ?? '')).body)
  pass(29 * 24 * hour)
  await client.refresh(renewed.refresh_token)
  pass(29 * 24 * hour)
  expect((await session.post('{"jsonrpc":"2.0","id":2,"method":"ping"}')).status).toBe(401)
  expect(ended()).toEqual([false, false, false])
  pass(24 * hour)
  await expect.poll(ended).toEqual([true, true, true])
})
