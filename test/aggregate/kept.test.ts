import { expect, onTestFinished, test } from 'vitest'
import { createResources } from '../../src-main/core/aggregate/resources.ts'
import { createRouter } from '../../src-main/core/aggregate/route.ts'
import { parseMessage } from '../../src-main/core/json/message.ts'
import { sharedName } from '../../src-main/core/registry/shared-name.ts'
import { person, simplePolicy, startGateway } from '../fakes/gateway.ts'
import { addMixed, clientOfAll, listAll } from '../fakes/mixed.ts'

async function start() {
  const gateway = await startGateway({ policy: simplePolicy() })
  onTestFinished(() => gateway.close())
  return gateway
}

const long = (start: string) => start.padEnd(2_100, 'x')

test('an address that is too long to be kept in mind is shown with its server, and read by that; so is a template', async () => {
  const gateway = await start()
  await addMixed(gateway, 'one', { resources: [long('data://'), 'data://one'], templates: [long('one://{id}/')] })
  await addMixed(gateway, 'two', { resources: ['data://two'] })
  const client = await clientOfAll(gateway)
  const { items } = await listAll(client, 'resources/list', 'resources')
  expect(items.map(({ uri }) => uri)).toEqual([`toolgate://one/${long('data://')}`, 'data://one', 'data://two'])
  const templates = (await listAll(client, 'resources/templates/list', 'resourceTemplates')).items
  expect(templates.map(({ uriTemplate }) => uriTemplate)).toEqual([`toolgate://one/${long('one://{id}/')}`])
  const { result } = await client.request('resources/read', { uri: `toolgate://one/${long('data://')}` })
  expect(result).toMatchObject({ contents: [{ text: expect.stringMatching(/^content of data:\/\/x+ by/) }] })
  expect((await client.request('resources/read', { uri: long('data://') })).error?.code).toBe(-32002)
})

test('a server whose cursors are too long to be kept is said to be missing in the list of all', async () => {
  const gateway = await start()
  await addMixed(gateway, 'one', { tools: ['a', 'b'], pages: 70_000 })
  await addMixed(gateway, 'two', { tools: ['a', 'b'], pages: 60_000 })
  const { names, pages } = await listAll(await clientOfAll(gateway), 'tools/list', 'tools')
  expect(names).toEqual(['two__a', 'two__b'])
  expect(pages[0]).toMatchObject({ _meta: { 'dev.toolgate/missing': { one: 'its cursor is too long' } } })
})

test('a server that names addresses without end fills its own room, and takes nothing of another’s', () => {
  const resources = createResources()
  const loud = (count: number) => `loud://${count}/`.padEnd(2_000, 'x')
  for (let count = 0; count < 10_000; count++) resources.claim({ server: 'loud', uri: loud(count) })
  const isKept = (count: number) => resources.locate(loud(count)) !== null
  const kept = Array.from({ length: 10_000 }, (_, count) => count).filter(isKept).length
  expect([kept > 1_000, kept < 2_100]).toEqual([true, true])
  expect(resources.shown({ server: 'loud', uri: loud(0) })).toBe(loud(0))
  expect(resources.shown({ server: 'loud', uri: loud(9_999) })).toBe(`toolgate://loud/${loud(9_999)}`)
  for (let count = 0; count < 10_000; count++) resources.claimTemplate({ server: 'loud', uri: `{id}${loud(count)}` })
  expect(resources.locate(loud(9_999))).toBeNull()
  resources.claim({ server: 'quiet', uri: 'quiet://mine' })
  expect(resources.shown({ server: 'quiet', uri: 'quiet://mine' })).toBe('quiet://mine')
  // What another has too is seen, however full its own room is.
  resources.claim({ server: 'quiet', uri: 'quiet://other' })
  resources.claim({ server: 'loud', uri: 'quiet://other' })
  expect(resources.shown({ server: 'quiet', uri: 'quiet://other' })).toBe('toolgate://quiet/quiet://other')
  // One that is gone leaves its room to whoever has its name next.
  resources.forget('loud')
  resources.claim({ server: 'loud', uri: loud(9_999) })
  expect([resources.locate(loud(0)), resources.locate(loud(9_999))?.server]).toEqual([null, 'loud'])
})

test('subscriptions of a client fill no more than the room of one', () => {
  const resources = createResources()
  const at = (count: number) => ({ server: 'one', uri: `data://${count}/`.padEnd(2_000, 'x') })
  for (let count = 0; count < 5_000; count++) resources.subscribe(at(count), `as ${at(count).uri}`)
  const told = Array.from({ length: 5_000 }, (_, count) => resources.subscribed(at(count)))
  expect(told.filter((text) => text.startsWith('as ')).length).toBeLessThan(2_100)
  expect([told[0]?.startsWith('as '), told.at(-1)]).toEqual([true, `toolgate://one/${at(4_999).uri}`])
})

test('of names of prompts that are cut those that are too long are not kept, and one server takes nothing of another’s', async () => {
  const registry = { find: () => null }
  const router = createRouter({ registry, learn: async () => undefined } as never)
  const found = async (server: string, name: string) => {
    const params = { name: sharedName({ server, name }) }
    const raw = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'prompts/get', params }))
    return router.find(parseMessage(raw), {} as never).then(
      (route) => route.server,
      () => null,
    )
  }
  const loud = (count: number) => `${count} `.padEnd(2_000, 'x')
  for (let count = 0; count < 5_000; count++) router.sawPrompt('loud', loud(count))
  router.sawPrompt('quiet', 'a prompt')
  router.sawPrompt('quiet', long('a prompt'))
  expect(await found('loud', loud(0))).toBe('loud')
  expect(await found('loud', loud(4_999))).toBeNull()
  expect([await found('quiet', 'a prompt'), await found('quiet', long('a prompt'))]).toEqual(['quiet', null])
})

test('what a server named that is gone is nobody’s, and belongs to the one that is left', async () => {
  const gateway = await start()
  await addMixed(gateway, 'one', { resources: ['data://same'] })
  await addMixed(gateway, 'two', { resources: ['data://same'] })
  const client = await clientOfAll(gateway)
  const uris = async () => (await listAll(client, 'resources/list', 'resources')).items.map(({ uri }) => uri)
  expect(await uris()).toEqual(['toolgate://one/data://same', 'toolgate://two/data://same'])
  client.write('{"jsonrpc":"2.0","method":"notifications/initialized"}')
  await gateway.core.handlers['servers.remove']({ name: 'one' }, person)
  await client.line((line) => line.includes('notifications/resources/list_changed'))
  expect(await uris()).toEqual(['data://same'])
})

test('what a client no longer subscribes to takes none of its room', () => {
  const resources = createResources()
  for (let i = 0; i < 5_000; i++) {
    const located = { server: 'one', uri: `data://${i}` }
    resources.subscribe(located, `${'x'.repeat(1_900)}${i}`)
    resources.unsubscribe(located)
  }
  const last = { server: 'one', uri: 'data://last' }
  resources.subscribe(last, 'as the client wrote it')
  expect(resources.subscribed(last)).toBe('as the client wrote it')
})
