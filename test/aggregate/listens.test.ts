import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import { addMixed, askingPolicy } from '../fakes/mixed.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { until } from '../fakes/processes.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
let advance: (ms: number) => void
let log: string

beforeEach(async () => {
  const moved = movedClock()
  advance = moved.advance
  gateway = await startGateway({ policy: askingPolicy, ports: { clock: moved.clock } })
  log = join(gateway.folder, 'one.log')
  writeFileSync(log, '')
  const offers = { modern: true, tools: ['read', 'end'], resources: ['data://one'] }
  await addMixed(gateway, 'one', offers, { MIXED_LOG: log })
  await addMixed(gateway, 'two', { modern: true, tools: ['read'] })
  client = gateway.connect('', ['--all'])
})
afterEach(() => gateway.close())

const ask = (method: string, params: object = {}) => client.request(method, { _meta: modernMeta, ...params })
const call = (name: string, args: object = {}) => ask('tools/call', { name, arguments: args })
const heard = () =>
  client.lines.filter((line) => line.includes('tools/list_changed') && line.includes('subscriptionId":"ear"')).length
const asked = (file = log) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('subscriptions/listen'))

async function listen(notifications: object) {
  await ask('server/discover')
  await ask('resources/list')
  const params = { _meta: modernMeta, notifications }
  client.write(JSON.stringify({ jsonrpc: '2.0', id: 'ear', method: 'subscriptions/listen', params }))
  await client.line((line) => line.includes('subscriptions/acknowledged'))
}

/** Waits are cut short until the client has heard so often that lists changed. */
const hurried = (times: number) =>
  until(`it is told ${times} times`, () => {
    advance(500)
    return heard() >= times
  })

test.each([
  ['that ended', () => call('one__end')],
  ['that a person restarts', () => gateway.core.handlers['servers.restart']({ name: 'one' }, person)],
])('a listener to all servers hears one again %s, and that its lists may have changed', async (_what, end) => {
  await listen({ toolsListChanged: true, resourceSubscriptions: ['data://one'] })
  await call('one__read', { announce: true })
  await until('it is heard', () => heard() === 1)
  await end()
  await hurried(2)
  const [first = '', again = ''] = asked()
  expect(JSON.parse(again).params).toEqual(JSON.parse(first).params)
  expect(JSON.parse(again).params.notifications.resourceSubscriptions).toEqual(['data://one'])
  await call('one__read', { announce: true })
  await until('it is heard again', () => heard() === 3)
  expect(client.lines.some((line) => line.includes('"id":"ear"'))).toBe(false)
  // Nobody is asked any more for who listens no more.
  await call('one__end')
  client.notify('notifications/cancelled', { requestId: 'ear' })
  await call('one__read')
  advance(120_000)
  await call('one__read', { announce: true })
  expect([heard(), asked().length]).toEqual([3, 2])
})

test('a server whose settings change is listened to as it is then', async () => {
  await listen({ toolsListChanged: true, resourceSubscriptions: ['data://one'] })
  await call('one__read')
  const other = join(gateway.folder, 'other.log')
  writeFileSync(other, '')
  const launch = { transport: 'stdio' as const, env: { MIXED_LOG: other } }
  await gateway.core.handlers['servers.set']({ name: 'one', launch }, person)
  await gateway.approveServer('one')
  await until('the new process is asked', () => {
    advance(500)
    return asked(other).length === 1
  })
  expect(JSON.parse(asked(other)[0] ?? '').params).toEqual(JSON.parse(asked()[0] ?? '').params)
  expect(asked()).toHaveLength(1)
})

test('a server that does not know listening is asked once', async () => {
  const deaf = join(gateway.folder, 'deaf.log')
  writeFileSync(deaf, '')
  await addMixed(gateway, 'three', { modern: true, deaf: true, tools: ['read'] }, { MIXED_LOG: deaf })
  await listen({ toolsListChanged: true })
  await until('it is asked', () => asked(deaf).length === 1)
  for (let i = 0; i < 3; i++) {
    await call('three__read')
    advance(60_000)
  }
  await call('three__read')
  expect(asked(deaf)).toHaveLength(1)
})
