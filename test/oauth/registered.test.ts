import { afterAll, beforeAll, expect, test } from 'vitest'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient } from '../fakes/http-client.ts'
import { callback, connected } from '../fakes/oauth-client.ts'

/** What an app registered, changed by a person at the approval page. */
let gateway: TestGateway
let port: number

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  await gateway.addServer('notes', 'notes-server')
  port = gateway.core.httpPort ?? 0
})
afterAll(() => gateway.close())

const register = (client: string, redirect_uris: string[], purpose = '') =>
  gateway.core.handlers['consents.register']({ client, redirect_uris, purpose }, approver)

test('answers go to the new addresses alone; what the app holds stays, and its calls say what it comes for now', async () => {
  const { client, tokens } = await connected(gateway.core, port)
  const elsewhere = 'https://app.example/done'
  expect(await gateway.core.handlers['consents.registration']({ client: client.id }, person)).toEqual({
    redirect_uris: [callback],
    purpose: '',
  })
  expect(await register(client.id, [elsewhere], ' to tidy\u202e ')).toEqual({
    redirect_uris: [elsewhere],
    purpose: 'to tidy\\u{202e}',
  })
  expect((await client.authorize()).first.status).toBe(400)
  const asked = await client.authorize({ redirect_uri: elsewhere })
  expect(asked.place).toMatch(/^\/oauth\/consent\//)

  const session = await legacyClient(port, tokens.access_token, 'notes')
  await session.call('read_note')
  const entries = gateway.entries()
  expect(entries.findLast((entry) => entry.kind === 'call' && entry.state === 'decided')).toMatchObject({
    ...{ agent_id: client.id, purpose: 'to tidy\\u{202e}' },
  })
  expect(entries.findLast((entry) => entry.kind === 'event' && entry.event === 'client.changed')).toMatchObject({
    detail: { client: client.id, redirect_uris: [elsewhere], door: 'approval' },
  })
  await register(client.id, [callback])
  expect(await gateway.core.handlers['consents.registration']({ client: client.id }, person)).toEqual({
    redirect_uris: [callback],
    purpose: '',
  })
})

test.each(['javascript:alert(1)', 'http://evil.test/', 'https://u:p@app.example/', 'https://a.example/#x', 'no url'])(
  'the address %s is refused, and nothing is changed',
  async (uri) => {
    const { client } = await connected(gateway.core, port)
    const events = () => gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'client.changed')
    const before = events().length
    await expect((async () => register(client.id, [callback, uri]))()).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(await gateway.core.handlers['consents.registration']({ client: client.id }, person)).toMatchObject({
      redirect_uris: [callback],
    })
    expect(events().length).toBe(before)
  },
)

test('a client that did not register here has no registration to change', async () => {
  const { id } = await gateway.core.handlers['clients.issue']({ name: 'Cursor' }, person)
  expect(await gateway.core.handlers['consents.registration']({ client: id }, person)).toBeNull()
  await expect((async () => register(id, [callback]))()).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
