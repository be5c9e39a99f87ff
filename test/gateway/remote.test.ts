import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person, reviewServer, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, modernClient, tokenFor } from '../fakes/http-client.ts'
import { program } from '../fakes/person.ts'
import { scriptedServer, sdkServer } from '../fakes/remote-server.ts'

const fakes = join(import.meta.dirname, '..', 'fakes')
const shim = join(import.meta.dirname, '..', '..', 'src-main', 'shim', 'main.ts')

let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
})
afterAll(() => gateway.close())

const servers = [
  ['sdk-v1-http-server', 'streamable', 'legacy'],
  ['sdk-v1-http-server', 'sse', 'legacy'],
  ['sdk-v2-http-server', '', 'modern'],
] as const

test.each(servers)('%s %s: reviewed, called and denied through a shim and over HTTP', async (file, option, era) => {
  const { url } = await sdkServer(file, option)
  const name = `${era}-${option || 'only'}`
  await gateway.addRemote(name, url)
  const version = era === 'modern' ? 'v2' : 'v1'
  const throughShim = async (tool: string) => {
    const words = [join(fakes, 'sdk-clients', `${version}.mjs`), shim, gateway.profile, name, tool, '{"text":"noon"}']
    return program([process.execPath, ...words])
  }
  const allowed = await throughShim('read_time')
  expect(allowed.screen, allowed.stderr).toContain(`read_time of noon in the ${era} era`)
  expect((await throughShim('delete_time')).screen).toContain('POLICY_DENIED')

  const { token } = await tokenFor(gateway.core, `http ${name}`)
  const port = gateway.core.httpPort ?? 0
  const client = era === 'modern' ? modernClient(port, token, name) : await legacyClient(port, token, name)
  expect(await client.call('read_time', { text: 'noon' })).toMatchObject({
    outcome: 'ok',
    text: expect.stringContaining(`in the ${era} era`),
  })
  expect((await client.call('delete_time', { text: 'noon' })).outcome).toBe('POLICY_DENIED')
  const [view] = (await gateway.core.handlers['servers.list']({}, person)).filter((server) => server.name === name)
  expect(view).toMatchObject({
    generation: era,
    launch: { transport: 'http', url, reach: 'loopback', header_names: [] },
  })
  expect(gateway.problems).toEqual([])
})

test('a review stands for the values of headers too, which it does not show', async () => {
  const { url } = await scriptedServer()
  const { handlers } = gateway.core
  const rest = { name: 'keyed', trust_level: 'restricted' as const, environment: 'test', risk_tags: [] }
  const reviewed = async (value: string) => {
    await handlers['servers.add']({ ...rest, launch: { transport: 'http', url, headers: { 'x-key': value } } }, person)
    const review = await reviewServer(handlers, 'keyed')
    expect(JSON.stringify(review)).not.toContain(value)
    return review.review_hash
  }
  const one = await reviewed('first-value')
  expect(await reviewed('second-value')).not.toBe(one)
  expect(await reviewed('first-value')).toBe(one)
  expect(JSON.stringify(gateway.entries())).not.toMatch(/first-value|second-value/)
})

test.each(['streamable', 'sse'])(
  'over %s a server asks its client, tells progress and says that its tools changed',
  async (option) => {
    const { url, said } = await sdkServer('sdk-v1-http-server', option)
    const name = `asks-${option}`
    await gateway.addRemote(name, url)
    const deleted = () => said.filter((line) => line === 'deleted').length
    // The session of the review ends without anybody waiting for it.
    if (option === 'streamable') await expect.poll(deleted).toBe(1)
    const client = gateway.connect(name)
    client.write(
      '{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"raw","version":"1"}}}',
    )
    await client.line((line) => line.includes('"id":"i"'))
    client.notify('notifications/initialized')
    const mood = client.call('read_mood', { text: 'how?' })
    const asked = JSON.parse((await client.line((line) => line.includes('elicitation/create'))).toString())
    client.write(
      JSON.stringify({ jsonrpc: '2.0', id: asked.id, result: { action: 'accept', content: { mood: 'fine' } } }),
    )
    expect(await mood).toEqual({ outcome: 'ok', text: 'mood fine' })

    const params = { name: 'read_slowly', arguments: { text: 'x' }, _meta: { progressToken: 'p-1' } }
    expect(await client.request('tools/call', params)).toMatchObject({ result: { content: [{ text: 'slowly x' }] } })
    const told = client.lines.map(String).filter((line) => line.includes('"progressToken":"p-1"'))
    expect(told.map((line) => JSON.parse(line).params.progress)).toEqual([1, 2])

    expect((await client.call('read_later', { text: '' })).outcome).toBe('ok')
    await client.line((line) => line.includes('notifications/tools/list_changed'))
    await client.close()
    if (option === 'streamable') await expect.poll(deleted).toBe(2)
  },
)
