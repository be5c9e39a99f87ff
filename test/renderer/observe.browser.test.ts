import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { ClientView, StatusView } from '../../shared/calls.ts'
import type { ObserveView } from '../../shared/observe.ts'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { type Answers, startPageHost } from '../fakes/page-host.ts'
import { quietStatus, sampleServer } from '../fakes/page-samples.ts'

const browser = testBrowser()

const schemes = ['light', 'dark'] as const
const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString()
const files = (): ObserveView => ({
  ...{ scope: 'server', name: 'files', title: 'files', reason: 'writing rules for it', relaxed: 12 },
  ...{ started_at: days(-1), started_by: 'ana', expires_at: days(3) },
})
const client: ClientView = {
  ...{ id: 'client_01', name: 'Cursor', created_at: days(-9), last_seen: days(0), revoked: false },
  ...{ kind: 'http', scopes: ['notes.read'], tenant: 'acme', public_origin: null },
}

/** What the status says besides. */
let observed: Partial<StatusView> = {}
afterEach(() => {
  observed = {}
})

/** A page at a place, of a gateway that observes `first` until somebody ends it or begins something else. */
async function open(which: 'app' | 'approval', at: string, first: ObserveView[], scheme: 'light' | 'dark' = 'light') {
  let observing = first
  const asked: { call: string; input: object }[] = []
  const changed = (call: string, input: object, next: ObserveView[]) => {
    asked.push({ call, input })
    observing = next
    host.tell({ changed: ['status'] })
    return { observing, forbidden: false }
  }
  const answers: Answers = {
    status: () => ({ ...quietStatus(), observing, ...observed }),
    'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
    'servers.list': () => [sampleServer('files'), sampleServer('github')],
    'servers.runs': () => [],
    'clients.list': () => [client],
    'approvals.list': () => [],
    'approvals.overview': () => [],
    'activity.calls': () => ({ rows: [], next: null }),
    'observe.show': () => ({ observing, forbidden: false }),
    'observe.stop': (input) => changed('stop', input, []),
    'observe.start': (input) => changed('start', input, [{ ...files(), relaxed: 0 }]),
  }
  const host = await startPageHost({ page: which, answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ theme: scheme })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link(which === 'app' ? encodeURIComponent(at) : at))
  return { page, host, asked }
}

test.each(schemes)('every page of the app says that it is on, and ends it (%s)', async (scheme) => {
  const { page, asked } = await open('app', '/servers/files', [files()], scheme)
  const banner = page.getByRole('status').filter({ hasText: 'Observe mode is on.' })
  await banner.getByText('Calls to files run even where policy would ask').waitFor()
  const section = page.getByRole('region', { name: 'Observe mode' })
  await section.getByText('12 calls ran because of it').waitFor()
  await expectAccessible(page)
  await screenshot(page, `observe-server-${scheme}`)
  await banner.getByRole('button', { name: 'End now: observe mode for calls to files' }).press('Enter')
  await banner.waitFor({ state: 'detached' })
  expect(asked).toEqual([{ call: 'stop', input: { scope: { server: 'files' } } }])
  await section.getByText('Policy decides every call.').waitFor()
  await section.getByRole('button', { name: 'Observe its calls' }).waitFor()
})

test('when it ends soon, and when it has ended, the overview leads to the rules that it proposes', async () => {
  const { page, host } = await open('app', '/', [{ ...files(), expires_at: days(1) }])
  await page.getByText('Observe mode ends soon').waitFor()
  observed = { observe_ended: days(-1), policy: { ...quietStatus().policy, since: days(-9) } }
  await page.getByRole('button', { name: 'End now: observe mode for calls to files' }).first().click()
  await page.getByText('Observe mode is over').waitFor()
  await expectAccessible(page)
  await screenshot(page, 'observe-over')
  // Whoever changed the policy since needs no proposal.
  observed = { observe_ended: days(-1), policy: { ...quietStatus().policy, since: days(0) } }
  host.tell({ changed: ['status'] })
  await page.getByText('Observe mode is over').waitFor({ state: 'detached' })
})

test('what was observed before is no news while it is on again', async () => {
  observed = { observe_ended: days(-1), policy: { ...quietStatus().policy, since: days(-9) } }
  const { page } = await open('app', '/', [files()])
  await page.getByText('Observe mode is on for calls to files').waitFor()
  expect(await page.getByText('Observe mode is over').count()).toBe(0)
})

test.each(schemes)(
  'the overview counts it among what needs a person, and the clients page marks whose calls it is (%s)',
  async (scheme) => {
    const own = { ...files(), scope: 'client', name: 'client_01', title: 'Cursor' } as const
    const { page } = await open('app', '/', [own, files()], scheme)
    await page.getByText('Observe mode is on for calls of Cursor, calls to files').waitFor()
    await page.getByText('24 calls ran because of it').waitFor()
    await expectAccessible(page)
    await screenshot(page, `observe-overview-${scheme}`)
    await page
      .getByRole('link', { name: 'Connected apps' })
      .or(page.getByRole('link', { name: 'Clients' }))
      .first()
      .click()
    const row = page.getByRole('row').filter({ hasText: 'Cursor' })
    await row.getByText('Observed').waitFor()
    await row.getByText('Verified, bounded').waitFor()
    await expectAccessible(page)
    await screenshot(page, `observe-clients-${scheme}`)
  },
)

test.each(schemes)('the approval page turns it on by keyboard, for what it was opened for (%s)', async (scheme) => {
  const { page, asked } = await open('approval', '/observe/server/files', [], scheme)
  const which = page.getByLabel('Which calls')
  await which.waitFor()
  expect(await which.inputValue()).toBe('server:files')
  await which.focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Tab')
  await page.keyboard.type('writing rules')
  await expectAccessible(page)
  await screenshot(page, `observe-begin-${scheme}`)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Observe mode is on' }).waitFor()
  expect(asked).toEqual([{ call: 'start', input: { scope: { server: 'files' }, days: 6, reason: 'writing rules' } }])
  await page.getByRole('button', { name: 'Renew observe mode' }).waitFor()
  await expectAccessible(page)
  await screenshot(page, `observe-begun-${scheme}`)
  await page.getByRole('button', { name: 'End now: observe mode for calls to files' }).click()
  await page.getByRole('button', { name: 'Turn observe mode on' }).waitFor()
})
