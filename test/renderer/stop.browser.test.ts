import { expect, onTestFinished, test } from 'vitest'
import type { ClientView } from '../../shared/calls.ts'
import type { HaltView } from '../../shared/stop.ts'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { type Answers, startPageHost } from '../fakes/page-host.ts'
import { haltOf, quietStatus, sampleServer } from '../fakes/page-samples.ts'

const browser = testBrowser()

const schemes = ['light', 'dark'] as const
const client: ClientView = {
  ...{ id: 'client_01', name: 'Cursor', created_at: '2026-11-20T10:00:00Z', last_seen: null, revoked: false },
  ...{ kind: 'http', scopes: null, tenant: null, public_origin: null },
}

/** A page at a place, of a gateway where `first` is stopped until somebody stops or resumes something. */
async function open(which: 'app' | 'approval', at: string, first: HaltView[], scheme: 'light' | 'dark' = 'light') {
  let halts = first
  const asked: { call: string; input: object }[] = []
  const become = (call: string, input: object, next: HaltView[]) => {
    asked.push({ call, input })
    halts = next
    host.tell({ changed: ['status'] })
    return {}
  }
  const answers: Answers = {
    status: () => ({ ...quietStatus(), halts, stopped: halts.some(({ scope }) => scope === 'all') }),
    'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
    'servers.list': () => [sampleServer('files'), sampleServer('github')],
    'servers.runs': () => [],
    'clients.list': () => [client],
    'approvals.list': () => [],
    'approvals.overview': () => [],
    'activity.calls': () => ({ rows: [], next: null }),
    'observe.show': () => ({ observing: [], forbidden: false }),
    'servers.changes': () => [],
    'tools.unused': () => [],
    stop: (input) => become('stop', input, [haltOf(input.client ? 'client' : input.server ? 'server' : 'all')]),
    resume: (input) => become('resume', input, halts.slice(1)),
  }
  const host = await startPageHost({ page: which, answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ theme: scheme })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link(which === 'app' ? encodeURIComponent(at) : at))
  return { page, asked }
}

test.each(schemes)('the menu of the stop control halts one client, which every page then says (%s)', async (scheme) => {
  const { page, asked } = await open('app', '/', [], scheme)
  await page.getByRole('button', { name: 'Stop' }).click()
  const form = page.getByRole('dialog', { name: 'Stop' })
  await form.getByLabel('Why').fill('odd calls')
  await form.getByLabel('What').selectOption({ label: 'Calls of Cursor' })
  await expectAccessible(page)
  await screenshot(page, `stop-menu-${scheme}`)
  await form.getByRole('button', { name: 'Stop these calls' }).click()
  await page.getByRole('status').getByText('Calls of Cursor are stopped.').waitFor()
  await page.getByRole('heading', { level: 1, name: 'Stopped: calls of Cursor' }).waitFor()
  expect(asked).toEqual([{ call: 'stop', input: { reason: 'odd calls', client: 'client_01' } }])
  await expectAccessible(page)
  await screenshot(page, `stop-one-client-${scheme}`)
})

test('by keyboard alone, Enter in the stop control stops everything', async () => {
  const { page, asked } = await open('app', '/', [])
  await page.getByRole('button', { name: 'Stop' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Stop' }).getByRole('button', { name: 'Stop everything' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('Toolgate is stopped.').waitFor()
  expect(asked).toEqual([{ call: 'stop', input: { reason: 'stopped in the app' } }])
})

test.each(schemes)(
  'the page of a server stops its calls, and then leads to where they are resumed (%s)',
  async (scheme) => {
    const { page, asked } = await open('app', '/servers/files', [], scheme)
    await page.getByRole('button', { name: 'Stop calls' }).click()
    await page.getByRole('button', { name: 'Stop calls to files' }).click()
    await page.getByRole('main').getByRole('button', { name: 'Resume' }).waitFor()
    expect(asked).toEqual([{ call: 'stop', input: { reason: 'stopped in the app', server: 'files' } }])
    await screenshot(page, `stop-server-${scheme}`)
  },
)

test.each(schemes)('the approval page shows each halt and resumes it by itself (%s)', async (scheme) => {
  const gate = { ...haltOf('server'), tripped_by: 'protected paths', reason: '' }
  const { page, asked } = await open('approval', '/resume', [haltOf('client'), gate], scheme)
  await page.getByRole('heading', { name: 'Some calls are stopped' }).waitFor()
  await page.getByText('“it writes where it should not”').waitFor()
  await page.getByText('by the gate “protected paths”').waitFor()
  await expectAccessible(page)
  await screenshot(page, `resume-${scheme}`)
  await page.getByRole('button', { name: 'Let calls of Cursor run again' }).click()
  await page.getByRole('heading', { name: 'Stopped: calls to files' }).waitFor()
  await page.getByRole('button', { name: 'Let calls to files run again' }).click()
  await page.getByRole('heading', { name: 'Calls run again' }).waitFor()
  expect(asked).toEqual([
    { call: 'resume', input: { client: 'client_01' } },
    { call: 'resume', input: { server: 'files' } },
  ])
})
