import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcp } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createOAuthServer } from '../../src-main/core/oauth/server/oauth-server.ts'
import { wayOf } from '../../src-main/core/origins.ts'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { oauthTable } from '../../src-main/core/store/oauth-tables.ts'
import { clientsTable } from '../../src-main/core/store/registry-tables.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { testFolder } from '../fakes/folder.ts'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { authorizeAs, callback, placeOf } from '../fakes/oauth-client.ts'

const id = 'https://editor.example.com/client.json'
const good = {
  client_id: id,
  client_name: 'Editor',
  client_uri: 'https://editor.example.com/',
  redirect_uris: [callback],
}

/** The authorization server with the internet as a test has it: what each address answers. */
async function serve(internet: Record<string, () => Response>, trusted: readonly string[] = ['editor.example.com']) {
  const db = openDatabase(`${testFolder()}/test.db`)
  const fetched: string[] = []
  const silent = () => undefined
  const oauth = createOAuthServer({
    publicOrigin: () => null,
    ...{
      table: oauthTable(db),
      clients: clientsTable(db),
      clock: systemClock,
      newClientId: () => 'client_1',
    },
    ...{ toolScopes: () => [], tenants: () => [], record: silent },
    ...{ onChange: silent, onAsked: silent, onRefused: silent, onEnded: silent },
    log: { info: silent, warn: silent, error: silent },
    trustsHost: (host) => trusted.includes('*') || trusted.includes(host),
    readsDocuments: () => trusted.includes('*'),
    async fetchDocument(url) {
      fetched.push(url)
      const answer = internet[url]
      if (!answer) throw new Error('unreachable')
      return answer()
    },
  })
  const server = createServer((req, res) => {
    const way = wayOf(req.headers.host, (server.address() as AddressInfo).port, null)
    if (way) oauth.serve(req, res, way)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
    db.close()
  })
  return { oauth, fetched, port: (server.address() as AddressInfo).port }
}
const json =
  (value: unknown, options: ResponseInit = {}) =>
  () =>
    new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' }, ...options })

test('an app that a trusted host publishes is known by its address, and its document says where it is called back', async () => {
  const { oauth, fetched, port } = await serve({ [id]: json(good) })
  const asked = await authorizeAs(port, id)
  expect(placeOf(asked.first)).toContain('/oauth/consent/')
  expect(oauth.consents.list()).toMatchObject([
    { client: id, app: 'Editor', documentHost: 'editor.example.com', website: 'https://editor.example.com/' },
  ])
  expect((await authorizeAs(port, id, { redirect_uri: 'http://127.0.0.1:7777/other' })).first.status).toBe(400)
  // It is read once for a while.
  expect(fetched).toEqual([id])
})

test.each<[string, () => Response]>([
  ['another name for itself', json({ ...good, client_id: 'https://editor.example.com/other.json' })],
  ['a secret', json({ ...good, client_secret: 'x' })],
  ['a redirect to a script', json({ ...good, redirect_uris: ['javascript:alert(1)'] })],
  ['no redirect', json({ ...good, redirect_uris: undefined })],
  ['a redirect of its own elsewhere', json(good, { status: 302, headers: { location: 'http://169.254.169.254/' } })],
  ['a failure', json(good, { status: 500 })],
  ['no JSON', () => new Response('<html>')],
  ['a list', json([good])],
  ['far too much', json({ ...good, more: 'x'.repeat(200_000) })],
])('a document with %s lets nobody in', async (_what, answer) => {
  const { oauth, port } = await serve({ [id]: answer })
  const { first } = await authorizeAs(port, id)
  expect([first.status, first.headers.location]).toEqual([400, undefined])
  expect(oauth.consents.list()).toEqual([])
})

test.each([
  ['of a host that is not trusted', 'https://other.example.com/client.json'],
  ['with a port that is not', 'https://editor.example.com:8443/client.json'],
  ['with a fragment', `${id}#x`],
  ['with a user', 'https://a@editor.example.com/client.json'],
  ['over plain HTTP', 'http://editor.example.com/client.json'],
  ['with dots', 'https://editor.example.com/a/../client.json'],
])('an address %s is not fetched', async (_what, client) => {
  const { fetched, port } = await serve({ [client]: json({ ...good, client_id: client }) })
  expect((await authorizeAs(port, client)).first.status).toBe(400)
  expect(fetched).toEqual([])
})

let gateway: TestGateway
beforeAll(async () => {
  const settings = { app_documents: ['*'] }
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 }, settings })
})
afterAll(() => gateway.close())

test.each(['127.0.0.1', 'localhost', '[::1]', 'host.localhost'])(
  'whoever is trusted, no document is looked for on this machine, here at %s',
  async (name) => {
    let connections = 0
    const listener = createTcp((socket) => {
      connections++
      socket.destroy()
    })
    await new Promise<void>((resolve) => listener.listen(0, resolve))
    onTestFinished(() => void listener.close())
    const client = `https://${name}:${(listener.address() as AddressInfo).port}/client.json`
    const { first } = await authorizeAs(gateway.core.httpPort ?? 0, client)
    expect([first.status, connections]).toEqual([400, 0])
  },
)
