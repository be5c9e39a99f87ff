import { afterEach, beforeEach, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, messagesOf } from '../fakes/http-client.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  await gateway.addServer('notes', 'notes-server')
})
afterEach(() => gateway.close())

/** Reviews the server anew: whose data it handles, and which scopes two of its tools need. */
async function label(risk_tags: string[], tags: Record<string, string[]> = {}): Promise<void> {
  const { handlers } = gateway.core
  const { launch } = await handlers['servers.set']({ name: 'notes', risk_tags: ['non_prod', ...risk_tags] }, person)
  const review = await handlers['servers.review']({ name: 'notes', launch }, person)
  const tools = review.tools.map(({ tool }) => ({ ...tool, tags: tags[tool.name] ?? [] }))
  await handlers['servers.approve']({ name: 'notes', review_hash: review.review_hash, tools }, person)
}

async function clientWith(bounds: { scopes?: string[]; tenant?: string }) {
  const { client, token } = await gateway.core.handlers['tokens.create']({ name: 'Editor', ...bounds }, person)
  const http = await legacyClient(gateway.core.httpPort ?? 0, token, 'notes')
  const listed = async () => {
    const answer = await http.post('{"jsonrpc":"2.0","id":"l","method":"tools/list"}')
    const [last = '{}'] = messagesOf(answer).slice(-1)
    const { result } = JSON.parse(last) as { result: { tools: { name: string }[] } }
    return result.tools.map(({ name }) => name)
  }
  return { client, listed, call: http.call }
}

test('a tool that needs a scope which the token lacks is denied and not listed; one that holds it, or is not bounded, calls it', async () => {
  await label([], { read_note: ['scope:notes.read', 'other'], slow_read: ['scope:notes.admin'] })
  const reader = await clientWith({ scopes: ['notes.read', 'notes.read', 'mail'] })
  expect(reader.client).toMatchObject({ scopes: ['mail', 'notes.read'], tenant: null })
  expect((await reader.call('read_note')).outcome).toBe('ok')
  const denied = await reader.call('slow_read')
  expect(denied.outcome).toBe('SCOPE_MISSING')
  expect(denied.text).toContain('`notes.admin`')
  const seen = await reader.listed()
  expect([seen.includes('read_note'), seen.includes('slow_read'), seen.includes('write_note')]).toEqual([
    true,
    false,
    true,
  ])
  // No scope of a name that only begins alike, and none at all, is enough.
  for (const scopes of [['notes.read2', 'notes'], []]) {
    expect((await (await clientWith({ scopes })).call('read_note')).outcome).toBe('SCOPE_MISSING')
  }
  const unbounded = await clientWith({})
  expect((await unbounded.call('read_note')).outcome).toBe('ok')
})

test('a scope that a server needs is needed by all that is asked of it', async () => {
  await label(['scope:notes'])
  expect((await (await clientWith({ scopes: ['mail'] })).call('read_note')).outcome).toBe('SCOPE_MISSING')
  expect((await (await clientWith({ scopes: ['notes'] })).call('read_note')).outcome).toBe('ok')
})

test('a call to a server of another tenant asks a person at level 2, also in observe mode; one of its own does not', async () => {
  await label(['tenant:acme'])
  expect((await (await clientWith({ tenant: 'acme' })).call('read_note')).outcome).toBe('ok')
  await gateway.core.handlers['observe.start']({ scope: {}, days: 1, reason: '' }, person)
  for (const bounds of [{ tenant: 'globex' }, {}]) {
    const held = (await clientWith(bounds)).call('read_note')
    const view = await gateway.pending('read_note')
    expect(view).toMatchObject({ level: 2 })
    await gateway.answer(view, 'deny')
    expect((await held).outcome).toBe('APPROVAL_DENIED')
  }
})

test('rules see scopes and tenants', async () => {
  await gateway.close()
  const rule = (id: string, when: string) => `  - { id: ${id}, when: '${when}', decision: DENY }\n`
  const policy = simplePolicy(
    rule('no-mail', 'scopes.bounded && "mail" in scopes.held') +
      rule('no-acme', '"acme" == tenant.client && size(tenant.server) == 0'),
  )
  gateway = await startGateway({ policy, http: { port: 0 } })
  await gateway.addServer('notes', 'notes-server')
  expect((await (await clientWith({ scopes: ['mail'] })).call('read_note')).outcome).toBe('POLICY_DENIED')
  expect((await (await clientWith({ tenant: 'acme' })).call('read_note')).outcome).toBe('POLICY_DENIED')
  expect((await (await clientWith({ scopes: [] })).call('read_note')).outcome).toBe('ok')
})
