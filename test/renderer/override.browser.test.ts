import { expect, onTestFinished, test } from 'vitest'
import type { OverrideView } from '../../shared/override.ts'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { type Answers, startPageHost } from '../fakes/page-host.ts'
import { quietStatus, sampleServer } from '../fakes/page-samples.ts'

const browser = testBrowser()

const schemes = ['light', 'dark'] as const
const inMinutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString()
const files = (): OverrideView => ({
  ...{ scope: 'server', name: 'files', title: 'files', reason: 'the site is down', calls: 3, incident: 'incident_01' },
  ...{ started_at: inMinutes(-4), started_by: 'ana', ends_at: inMinutes(11) },
})

/** A page at a place, of a gateway where `first` is on until somebody ends it or begins another. */
async function open(which: 'app' | 'approval', at: string, first: OverrideView[], scheme: 'light' | 'dark') {
  let overrides = first
  const asked: { call: string; input: object }[] = []
  const become = (call: string, input: object, next: OverrideView[]) => {
    asked.push({ call, input })
    overrides = next
    host.tell({ changed: ['status'] })
    return { overrides, forbidden: false }
  }
  const answers: Answers = {
    status: () => ({ ...quietStatus(), overrides }),
    'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
    'servers.list': () => [sampleServer('files')],
    'clients.list': () => [],
    'approvals.list': () => [],
    'activity.calls': () => ({ rows: [], next: null }),
    'override.show': () => ({ overrides, forbidden: false }),
    'override.start': (input) => become('start', input, [files()]),
    'override.end': (input) => become('end', input, []),
  }
  const host = await startPageHost({ page: which, answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ theme: scheme })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link(which === 'app' ? encodeURIComponent(at) : at))
  return { page, asked }
}

test.each(schemes)('every page of the app says that one is on, and ends it (%s)', async (scheme) => {
  const { page, asked } = await open('app', '/', [files()], scheme)
  const banner = page.getByRole('status').filter({ hasText: 'An override is on.' })
  await banner.getByText('runs, for calls to files').waitFor()
  await page.getByRole('heading', { level: 1, name: 'An override is on for calls to files' }).waitFor()
  await expectAccessible(page)
  await screenshot(page, `override-on-${scheme}`)
  await banner.getByRole('button', { name: 'End now: the override for calls to files' }).click()
  await banner.waitFor({ state: 'detached' })
  expect(asked).toEqual([{ call: 'end', input: { scope: { server: 'files' } } }])
})

test.each(schemes)('the approval page begins one with a reason and the PIN again, not without (%s)', async (scheme) => {
  const { page, asked } = await open('approval', '/override', [], scheme)
  const begin = page.getByRole('button', { name: 'Begin the override' })
  await begin.waitFor()
  await page.getByLabel('Why').fill('the site is down')
  expect(await begin.isDisabled()).toBe(true)
  await page.getByLabel('Your PIN, again').fill('480251')
  await page.getByLabel('Which calls').selectOption({ label: 'Calls to files' })
  await expectAccessible(page)
  await screenshot(page, `override-begin-${scheme}`)
  await begin.click()
  await page.getByRole('heading', { name: 'An override is on' }).waitFor()
  expect(await page.getByLabel('Your PIN, again').inputValue()).toBe('')
  await page.getByRole('button', { name: 'End now' }).click()
  await page.getByRole('heading', { name: 'Override', exact: true, level: 2 }).waitFor()
  const input = { scope: { server: 'files' }, minutes: 15, reason: 'the site is down', pin: '480251' }
  expect(asked).toEqual([
    { call: 'start', input },
    { call: 'end', input: { scope: { server: 'files' } } },
  ])
})
