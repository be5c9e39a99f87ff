import { expect, onTestFinished, test } from 'vitest'
import type { ClientView } from '../../shared/calls.ts'
import type { ClientAccess, ToolAccess } from '../../shared/client-access.ts'
import type { GivenAccess, GivenConsent } from '../../shared/consents.ts'
import type { PolicyView } from '../../shared/policy-view.ts'
import { expectAccessible, look, screenshot, testBrowser } from '../fakes/browser.ts'
import { type Answers, startPageHost } from '../fakes/page-host.ts'
import { quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

const cursor: ClientView = {
  ...{ id: 'client_01', name: 'Cursor', created_at: ago(9000), last_seen: ago(3), revoked: false, kind: 'stdio' },
  ...{ scopes: null, tenant: null, public_origin: null },
}
const tool = (server: string, name: string, more: Partial<ToolAccess>): ToolAccess => ({
  ...{ server, tool: name, access: 'allowed', level: null, why: 'rule `reads` allows it', rules: ['reads'] },
  ...{ action: 'read', classification: 'internal' },
  ...more,
})
const tools = [
  tool('files', 'read_file', {}),
  tool('files', 'list_\u202eyrotcerid', {}),
  tool('files', 'write_file', {
    ...{ access: 'asks', level: 2, action: 'write' },
    why: 'rule `writes` asks a person; `protected-places` may say otherwise, by what it is asked',
  }),
  tool('db', 'query', {
    access: 'depends',
    why: 'no rule allows it; `only-selects` may say otherwise, by what it is asked',
  }),
  tool('db', 'drop_table', { access: 'denied', why: 'rule `deletes` denies this call: nothing is dropped here' }),
]
function accessOf(given: readonly ToolAccess[], policies: ClientAccess['policies']): ClientAccess {
  const count = (word: string) => given.filter(({ access }) => access === word).length
  const counts = {
    ...{ tools: given.length, allowed: count('allowed'), asks: count('asks') },
    ...{ depends: count('depends'), denied: count('denied') },
  }
  const whom = { tenant: null, tenants: [] }
  return { id: cursor.id, name: cursor.name, ...whom, snapshot: 'a'.repeat(64), policies, counts, tools: [...given] }
}
const usual: ClientAccess['policies'] = [
  {
    id: 'local.default',
    origin: 'built_in',
    by: 'unbound',
    tenant: null,
    files: [],
    description: 'the reviewed tools of approved servers',
  },
]

type Accesses = ClientAccess | ((tenant: string | null) => ClientAccess)

async function pageOf(
  access: Accesses,
  theme: 'light' | 'dark',
  client = cursor,
  at = '/clients/client_01',
  given: GivenAccess[] = [],
) {
  let now = access
  const bound: object[] = []
  let waits = false
  const policy = (): PolicyView => ({
    ...{ snapshot: null, since: null, rules: [], access: [], problems: [] },
    waiting: waits ? { hash: 'b'.repeat(64), changes: ['access policy `readers` is bound to `client_01`'] } : null,
  })
  const answers: Answers = {
    status: () => ({ ...quietStatus(), servers: quietStatus().servers }),
    'servers.list': () => [],
    'configs.find': () => [],
    'clients.list': () => [client],
    'clients.access': ({ tenant = null }) => (typeof now === 'function' ? now(tenant) : now),
    'consents.given': () => given,
    'clients.bind': (input) => {
      bound.push(input)
      waits = input.bound
      host.tell({ changed: ['policy'] })
      return policy()
    },
    'policy.show': () => policy(),
    'policy.reach': () =>
      ['readers', 'mcp.empty', 'local.default'].map((id, at) => ({ id, allowed: 2 - at, tools: 5, clients: [] })),
    'grants.list': () => [],
    'approvals.list': () => [],
    'activity.calls': () => ({ rows: [], next: null }),
  }
  const host = await startPageHost({ page: 'app', answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ theme })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link(encodeURIComponent(at)))
  const change = (next: Accesses) => {
    now = next
    host.tell({ changed: ['policy'] })
  }
  return { page, change, bound }
}

test.each(['light', 'dark'] as const)(
  'a client says what it can use and why, and why not the rest (%s)',
  async (theme) => {
    const { page, change } = await pageOf(accessOf(tools, usual), theme)
    await page.getByRole('heading', { level: 1, name: 'Cursor' }).waitFor()
    await page.getByText('It can call 4 of 5 tools (1 after a person said yes, 1 by what it is asked).').waitFor()
    const table = page.getByRole('table', { name: 'Tools' })
    expect(await table.getByRole('row').count()).toBe(5)
    expect(await page.getByRole('main').innerText()).not.toContain('\u202e')
    await expectAccessible(page)
    await screenshot(page, `client-${theme}`)
    await page.getByLabel('Show the 1 denied').focus()
    await page.keyboard.press('Space')
    await table.getByText('nothing is dropped here').waitFor()
    await expectAccessible(page)

    // Policy changed: what is shown follows.
    change(accessOf([tools[0] as ToolAccess], usual))
    await page.getByText('It can call 1 of 1 tool.').waitFor()
  },
)

test.each(['light', 'dark'] as const)('a client to which nothing is given says what to do (%s)', async (theme) => {
  const denied = tools.map((each) => ({
    ...each,
    access: 'denied' as const,
    level: null,
    why: 'the access policy allows nothing',
  }))
  const { page } = await pageOf(
    accessOf(denied, [
      { id: 'mcp.empty', origin: 'built_in', by: 'unbound', tenant: null, files: [], description: 'nothing' },
    ]),
    theme,
  )
  await page.getByText('It can call none of 5 tools.').waitFor()
  await page.getByText('bind an access policy above that allows the tools it needs').waitFor()
  await expectAccessible(page)
  await screenshot(page, `client-empty-${theme}`)
  await page.getByRole('button', { name: 'Show why, tool by tool' }).click()
  await page.getByRole('table', { name: 'Tools' }).getByText('allows nothing').first().waitFor()
})

test.each(['light', 'dark'] as const)('an access policy is bound and unbound by keyboard (%s)', async (theme) => {
  const policies = [
    { id: 'readers', origin: 'local', by: 'client', tenant: null, files: ['bindings.yaml'], description: 'reading' },
    { id: 'helpers', origin: 'local', by: 'client', tenant: null, files: ['team/access.yaml'], description: null },
  ] as const
  const given = policies.map((policy) => ({ ...policy, files: [...policy.files] }))
  const { page, change, bound } = await pageOf(accessOf(tools, usual), theme)
  const pick = page.getByLabel('Bind an access policy')
  await pick.selectOption({ label: 'readers: opens 2 of 5 tools' })
  await pick.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('A looser policy waits for you').waitFor()
  await expectAccessible(page)
  await screenshot(page, `client-bind-${theme}`)
  change(accessOf(tools, given))
  await page.getByRole('link', { name: 'team/access.yaml' }).waitFor()
  expect(await page.getByRole('button', { name: /^Unbind/ }).count()).toBe(1)
  await page.getByRole('button', { name: 'Unbind readers' }).press('Enter')
  await expect.poll(() => bound).toHaveLength(2)
  const how = { id: 'client_01', policy: 'readers' }
  expect(bound).toEqual([
    { ...how, bound: true },
    { ...how, bound: false },
  ])
})

test('an app says what it was let in for, and what of it is spent', async () => {
  const given: GivenConsent = {
    ...{ at: ago(90), lasting: true, purpose: 'to keep your notes in order', server: null, active: true },
    ...{ scopes: ['tickets:write'], redirect: 'http://127.0.0.1:33418/callback' },
  }
  const once = { ...given, at: ago(300), lasting: false, purpose: null, active: false }
  const { page } = await pageOf(accessOf(tools, usual), 'light', { ...cursor, kind: 'oauth' }, undefined, [
    { tenant: null, last_used: ago(3), consents: [given, once] },
  ])
  const list = page.getByRole('list', { name: 'What you agreed to' })
  await list.getByText('to keep your notes in order').waitFor()
  await list.getByText('spent').waitFor()
  await look(page, 'client-app')
})

test('the list leads to a client and back by keyboard; one that is not there says so', async () => {
  const { page } = await pageOf(accessOf(tools, usual), 'light', cursor, '/clients')
  const link = page.getByRole('table', { name: 'Clients' }).getByRole('link', { name: 'Cursor' })
  await link.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Cursor' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Connected clients' }).focus()
  await page.keyboard.press('Enter')
  await link.waitFor()
  const missing = await pageOf(accessOf(tools, usual), 'light', cursor, '/clients/nobody')
  await missing.page.getByText('There is no such client').waitFor()
})

test('a revoked client offers nothing to stop or revoke', async () => {
  const { page } = await pageOf(accessOf([], usual), 'light', { ...cursor, revoked: true })
  await page.getByText('It was revoked').waitFor()
  expect(await page.getByRole('button', { name: 'Revoke' }).count()).toBe(0)
})

test('an app that works for several has for each what is bound and given for it, and is looked at for each', async () => {
  const consent: GivenConsent = {
    ...{ at: ago(90), lasting: true, purpose: 'to keep the notes of acme', server: null, active: true, scopes: [] },
    redirect: 'http://127.0.0.1:33418/callback',
  }
  const given: GivenAccess[] = [
    { tenant: 'acme', last_used: ago(3), consents: [consent, { ...consent, at: ago(9000), active: false }] },
    { tenant: 'globex-holding.eu', last_used: null, consents: [{ ...consent, purpose: null, lasting: false }] },
    { tenant: null, last_used: ago(600), consents: [{ ...consent, purpose: null }] },
  ]
  const policies: ClientAccess['policies'] = [
    { id: 'everyone', origin: 'local', by: 'client', tenant: null, files: ['bindings.yaml'], description: null },
    { id: 'readers', origin: 'local', by: 'client', tenant: 'acme', files: ['bindings.yaml'], description: null },
  ]
  const access = (tenant: string | null): ClientAccess => ({
    ...accessOf(tenant === 'acme' ? tools : tools.slice(0, 1), tenant === 'acme' ? policies : policies.slice(0, 1)),
    ...{ tenant, tenants: ['acme', 'globex-holding.eu'] },
  })
  const app = { ...cursor, kind: 'oauth' as const, scopes: [] }
  const { page, bound } = await pageOf(access, 'light', app, undefined, given)
  await page.getByRole('list', { name: 'What you agreed to, for acme' }).getByText('notes of acme').first().waitFor()
  await page.getByRole('button', { name: 'Revoke for globex-holding.eu' }).waitFor()
  await page.getByText('It can call 1 of 1 tool.').waitFor()
  const choice = page.getByLabel('While it works for')
  await choice.selectOption('acme')
  await page.getByText('is bound to it, while it works for acme').waitFor()
  await page.getByText('4 of 5 tools').waitFor()
  await look(page, 'client-tenants')
  await page.getByRole('button', { name: 'Bind', exact: true }).scrollIntoViewIfNeeded()
  await page.getByText('drop_table').waitFor({ state: 'hidden' })
  await look(page, 'client-tenant-choice')
  await page.getByRole('button', { name: 'Unbind readers' }).press('Enter')
  await page.getByLabel('Bind an access policy for acme alone').selectOption({ label: 'mcp.empty: opens 1 of 5 tools' })
  await page.getByRole('button', { name: 'Bind', exact: true }).press('Enter')
  await expect.poll(() => bound).toHaveLength(2)
  const how = { id: 'client_01', tenant: 'acme' }
  expect(bound).toEqual([
    { ...how, policy: 'readers', bound: false },
    { ...how, policy: 'mcp.empty', bound: true },
  ])
})
