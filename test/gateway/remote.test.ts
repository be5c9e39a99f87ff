import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, modernClient, tokenFor } from '../fakes/http-client.ts'
import { program } from '../fakes/person.ts'
import { sdkServer } from '../fakes/remote-server.ts'

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
