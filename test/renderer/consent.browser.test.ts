import { expect, onTestFinished, test } from 'vitest'
import type { ConsentView } from '../../shared/consents.ts'
import { focused, look, testBrowser } from '../fakes/browser.ts'
import { type Answers, HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { hardNames, quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()
const minutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString()

function consent(change: Partial<ConsentView> = {}): ConsentView {
  return {
    ...{ id: 'consent_01', app: 'Cursor', client: 'client_019abc', asked_at: minutes(-1), expires_at: minutes(9) },
    ...{ document_host: null, website: null, purpose: null, server: null, scopes: [], policies: [], tools: [] },
    ...{ tenant: null, tenants: [] },
    redirect: { uri: 'http://127.0.0.1:33418/callback', host: '127.0.0.1:33418', kind: 'loopback' },
    ...{ tools_in_all: 48, ceiling: null, warnings: ['says_so_itself', 'local_redirect', 'never_seen', 'no_policy'] },
    ...{ shown_hash: 'ab'.repeat(32), public_origin: null, code: null },
    ...change,
  }
}

/** The approval page at a place, before a person who is there; `answers`: what its host answers besides. */
async function openAt(place: string, answers: Answers) {
  const quiet: Answers = {
    status: () => quietStatus(),
    'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
    'approvals.list': () => [],
    'clients.list': () => [],
    'consents.list': () => [],
  }
  const host = await startPageHost({ page: 'approval', answers: { ...quiet, ...answers } })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ width: 440, height: 680 })
  await page.goto(host.link(place))
  return { host, page }
}

/** The page of an app that was let in before. */
function openApp(answers: Answers) {
  const app = { id: 'client_01', name: 'Cursor', created_at: minutes(-90), last_seen: minutes(-1), revoked: false }
  return openAt('/clients/client_01', {
    'clients.list': () => [{ ...app, kind: 'oauth', scopes: [], tenant: null, public_origin: null }],
    ...answers,
  })
}

/** `shown`: the same as it is for a tenant that the person chose. */
async function open(view: ConsentView, shown: (tenant: string | null) => ConsentView = () => view) {
  let waiting = [view]
  const answers: { answer: string; shown_hash: string; tenant?: string | null | undefined }[] = []
  const { host, page } = await openAt(`/consents/${view.id}`, {
    'consents.list': () =>
      waiting.map(({ id, app, asked_at, public_origin }) => ({ id, app, asked_at, public_origin })),
    'consents.show': ({ tenant = null }) => ({ view: shown(tenant), ticket: 'ticket-1', armed_in_ms: 200 }),
    'consents.answer': ({ answer, shown_hash, tenant }) => {
      answers.push({ answer, shown_hash, tenant })
      waiting = []
      host.tell({ changed: ['consents'] })
      return {}
    },
  })
  page.setDefaultTimeout(10_000)
  return { page, answers }
}

test('an app that nothing vouches for: warned of, denied by Esc, and by keyboard let in for an hour', async () => {
  const { page, answers } = await open(consent())
  await page.getByText('Nothing proves that this is Cursor').waitFor()
  await page.getByText('It can call none of the 48 tools').waitFor()
  await expect.poll(() => focused(page)).toBe('button "Deny Esc"')
  await look(page, 'consent-unknown')
  await page.getByRole('button', { name: 'Allow for an hour' }).and(page.locator(':enabled')).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText('Cursor can call no tool yet').waitFor()
  expect(answers).toEqual([{ answer: 'once', shown_hash: 'ab'.repeat(32), tenant: null }])
  await look(page, 'consent-let-in')
})

test('an app of the network: said first, with the code that its browser shows, and with nothing about this machine', async () => {
  const { page, answers } = await open(
    consent({ public_origin: 'https://tools.example.com', code: 'K7Q-F2M', purpose: 'to keep your notes in order' }),
  )
  await page.getByRole('heading', { name: 'An app asks to connect over the network' }).waitFor()
  await page.getByText('somebody whom the proxy let through').waitFor()
  await page.getByText('K7Q-F2M', { exact: true }).waitFor()
  await page.getByText('goes to 127.0.0.1:33418 on the machine of whoever asks, not on this one').waitFor()
  expect(await page.getByText(/on this machine|to this machine/).count()).toBe(0)
  await look(page, 'consent-network')
  await page.keyboard.press('Escape')
  await page.getByText('You said no').waitFor()
  expect(answers.map(({ answer }) => answer)).toEqual(['deny'])
})

test('a program of the network that claims a scheme', async () => {
  const { page } = await open(
    consent({
      ...{ public_origin: 'https://tools.example.com', code: 'K7Q-F2M', app: hardNames[3] },
      redirect: { uri: 'editor.app://done', host: 'editor.app:', kind: 'private' },
      warnings: ['says_so_itself', 'private_scheme', 'never_seen', 'no_policy'],
    }),
  )
  await page.getByText('opens editor.app: addresses on the machine of whoever asks, not on this one').waitFor()
  expect(await page.getByText('on this machine').count()).toBe(0)
  await look(page, 'consent-network-scheme')
})

test('an app that a document names, with a policy, hard names and rights', async () => {
  const { page, answers } = await open(
    consent({
      ...{ app: hardNames[3], document_host: 'editor.example.com', website: 'https://editor.example.com/' },
      ...{ purpose: 'to keep your notes in order\u202e', server: null, scopes: ['tickets:write'], warnings: [] },
      redirect: { uri: 'https://editor.example.com/callback', host: 'editor.example.com', kind: 'web' },
      policies: ['notes-and-tickets'],
      ceiling: 'internal',
      tools: [
        { server: 'notes', action: 'read', count: 9 },
        { server: 'notes', action: 'write', count: 2 },
        { server: 'tickets', action: 'read', count: 1 },
      ],
    }),
  )
  await page.getByText('It can call 12 of the 48 tools of all servers, up to classification internal').waitFor()
  await look(page, 'consent-known')
  await page.getByLabel('Until I revoke it').check()
  await page.getByRole('button', { name: 'Allow always' }).click()
  await page.getByText('It is let in until you revoke it').waitFor()
  expect(answers.map(({ answer }) => answer)).toEqual(['always'])
})

test('Esc denies', async () => {
  const { page, answers } = await open(consent({ app: hardNames[0] }))
  await page.getByText('An app asks to connect').waitFor()
  await expect.poll(() => focused(page)).toBe('button "Deny Esc"')
  await page.keyboard.press('Escape')
  await page.getByText('You said no').waitFor()
  expect(answers.map(({ answer }) => answer)).toEqual(['deny'])
})

test('who asks for nobody is let in for whom the person chooses, by keyboard, with what is bound for that', async () => {
  const none = consent({ tenants: ['acme', 'globex-holding.eu'] })
  const shown = (tenant: string | null) => ({
    ...none,
    ...(tenant === null ? {} : { tenant, shown_hash: 'cd'.repeat(32), policies: ['readers'], ceiling: 'internal' }),
    ...(tenant === null ? {} : { tools: [{ server: 'notes', action: 'read', count: 3 }] }),
  })
  const { page, answers } = await open(none, shown as (tenant: string | null) => ConsentView)
  const choice = page.getByLabel('It would work for')
  await page.getByText('Calls to the servers of any tenant ask you').waitFor()
  await look(page, 'consent-tenants')
  await choice.focus()
  await page.keyboard.press('ArrowDown')
  await page.getByText('It can call 3 of the 48 tools').waitFor()
  expect([await choice.inputValue(), await focused(page)]).toEqual([
    'acme',
    expect.stringContaining('It would work for'),
  ])
  await page.getByRole('button', { name: 'Allow for an hour' }).and(page.locator(':enabled')).waitFor()
  await look(page, 'consent-for-acme')
  await page.keyboard.press('Control+Enter')
  await page.getByText('It is let in for an hour').waitFor()
  expect(answers).toEqual([{ answer: 'once', shown_hash: 'cd'.repeat(32), tenant: 'acme' }])
})

test('who asks for one is let in for that alone', async () => {
  const { page, answers } = await open(consent({ tenant: 'acme' }))
  await page.getByText('It asks to work for acme').waitFor()
  expect(await page.getByRole('combobox').count()).toBe(0)
  await look(page, 'consent-asks-for-acme')
  await page.getByRole('button', { name: 'Allow for an hour' }).and(page.locator(':enabled')).click()
  await page.getByText('tenant: acme').waitFor()
  expect(answers).toMatchObject([{ answer: 'once', tenant: 'acme' }])
})

test('what an app was given for one organisation is revoked alone, once that is said twice', async () => {
  const given = {
    ...{ at: minutes(-90), lasting: true, purpose: null, server: null, active: true, scopes: [] },
    redirect: 'http://127.0.0.1:33418/callback',
  }
  let left = ['acme', 'globex-holding.eu']
  const { host, page } = await openApp({
    'consents.registration': () => null,
    'consents.given': () => left.map((tenant) => ({ tenant, last_used: minutes(-3), consents: [given] })),
    'clients.revoke': ({ tenant }) => {
      left = left.filter((each) => each !== tenant)
      host.tell({ changed: ['clients'] })
      return {}
    },
  })
  await page.getByRole('button', { name: 'Revoke for acme' }).press('Enter')
  await page.getByRole('button', { name: 'Yes, revoke it for acme' }).waitFor()
  await look(page, 'consent-revoke-for')
  await page.getByRole('button', { name: 'Yes, revoke it for acme' }).press('Enter')
  await page.getByText('Works for acme').waitFor({ state: 'detached' })
  await page.getByText('Works for globex-holding.eu').waitFor()
  expect(left).toEqual(['globex-holding.eu'])
})

test('the page of an app says what it was given, and what of it is spent', async () => {
  const given = {
    ...{ at: minutes(-90), lasting: true, purpose: 'to keep your notes in order', server: null, active: true },
    ...{ scopes: ['tickets:write'], redirect: 'http://127.0.0.1:33418/callback' },
  }
  let registered = { redirect_uris: ['http://127.0.0.1:33418/callback', 'cursor://done'], purpose: 'to tidy\u202e' }
  const { page } = await openApp({
    'consents.registration': () => registered,
    'consents.register': ({ client: _, ...change }) => {
      if (change.redirect_uris.some((uri) => uri.startsWith('http://evil')))
        throw new HostRefusal('BAD_INPUT', 'the redirect address must be https, or http to this machine', 'mend it')
      registered = change
      return change
    },
    'consents.given': () => [
      {
        ...{ tenant: null, last_used: minutes(-3) },
        consents: [
          given,
          { ...given, at: minutes(-200), lasting: false, server: 'notes', scopes: [], purpose: null, active: false },
        ],
      },
    ],
  })
  await page.getByText('What you agreed to').waitFor()
  await page.getByText('spent').waitFor()
  await look(page, 'consent-given')

  // Where its answers go, by keyboard; what is refused is said, and nothing typed is lost.
  await page.getByRole('button', { name: 'Change' }).press('Enter')
  await expect.poll(() => focused(page)).toContain('Redirect addresses')
  await page.getByLabel('Redirect addresses').fill('https://cursor.example/done\nhttp://evil.test/')
  await page.getByLabel('What it comes for').fill('to keep notes')
  await page.keyboard.press('Enter')
  await page.getByText('must be https, or http to this machine').waitFor()
  await look(page, 'consent-registration')
  await page.getByLabel('Redirect addresses').fill('https://cursor.example/done')
  await page.getByRole('button', { name: 'Save' }).press('Enter')
  await page.getByText('For “to keep notes”').waitFor()
  expect(registered).toEqual({ redirect_uris: ['https://cursor.example/done'], purpose: 'to keep notes' })
})
