import { expect, onTestFinished, test } from 'vitest'
import type { IncidentDetail, IncidentNote, IncidentView } from '../../shared/incidents.ts'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { type Answers, startPageHost } from '../fakes/page-host.ts'
import { quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()

const schemes = ['light', 'dark'] as const
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const open: IncidentView = {
  ...{ id: 'incident_02', kind: 'stop', scope: 'client', name: 'client_01', title: 'Cursor' },
  ...{ why: 'it writes where it should not', opened_at: ago(4), opened_by: 'ana', opened_door: 'app' },
  ...{ closed_at: null, closed_by: '', conclusion: '' },
}
const past: IncidentView = {
  ...{ ...open, id: 'incident_01', kind: 'manual', scope: 'all', name: '', title: '', why: 'odd reads at night' },
  ...{ opened_at: ago(3000), closed_at: ago(2900), closed_by: 'ana', conclusion: 'a test ran wild' },
}
const record = (seq: number) => ({
  ...{ seq, at: ago(seq % 50), what: 'closed', call_id: `call_${seq}`, client: 'Cursor', server: 'files' },
  ...{ tool: 'write_file', detail: 'blocked, PROTECTED_PATH, \u202egnp.exe' },
})

/** A page at a place, of a gateway with one open incident and a closed one. */
async function pageAt(which: 'app' | 'approval', at: string, scheme: 'light' | 'dark') {
  let notes: IncidentNote[] = []
  let incidents = [open, past]
  const asked: { call: string; input: object }[] = []
  const answers: Answers = {
    status: () => ({ ...quietStatus(), incidents: incidents.filter(({ closed_at }) => closed_at === null).length }),
    'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
    'servers.list': () => [],
    'approvals.list': () => [],
    'activity.calls': () => ({ rows: [], next: null }),
    'incidents.list': () => incidents,
    'incidents.show': ({ id, before = 500 }): IncidentDetail => {
      const incident = incidents.find((it) => it.id === id)
      if (!incident) throw new Error('there is no such incident')
      const next = before === 500 ? 400 : null
      return { incident, notes, records: [record(before - 1), record(before - 2)], next }
    },
    'incidents.note': (input) => {
      asked.push({ call: 'note', input })
      notes = [{ at: ago(0), by: 'ana', door: 'app', text: input.text }]
      host.tell({ changed: ['status'] })
      return open
    },
    'incidents.close': (input) => {
      asked.push({ call: 'close', input })
      incidents = [{ ...open, closed_at: ago(0), closed_by: 'ana', conclusion: input.conclusion }, past]
      host.tell({ changed: ['status'] })
      return incidents[0] ?? open
    },
  }
  const host = await startPageHost({ page: which, answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ theme: scheme })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link(which === 'app' ? encodeURIComponent(at) : at))
  return { page, asked }
}

test.each(schemes)('from the overview to an incident, its notes and its records (%s)', async (scheme) => {
  const { page, asked } = await pageAt('app', '/', scheme)
  await page.getByText('1 incident is open').waitFor()
  await page.getByRole('button', { name: 'Look' }).click()
  await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor()
  await expectAccessible(page)
  await screenshot(page, `incidents-${scheme}`)
  await page.getByRole('link', { name: 'Calls of Cursor' }).click()
  await page.getByRole('table', { name: 'Records' }).getByText('499').waitFor()
  await page.getByLabel('Add a note').fill('asked the developer')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('asked the developer').waitFor()
  await page.getByRole('button', { name: 'Show earlier records' }).click()
  await page.getByRole('table', { name: 'Records' }).getByText('399').waitFor()
  expect(await page.getByRole('button', { name: 'Show earlier records' }).count()).toBe(0)
  expect(await page.getByRole('main').innerText()).not.toContain('\u202e')
  await expectAccessible(page)
  await screenshot(page, `incident-${scheme}`)
  expect(asked).toEqual([{ call: 'note', input: { id: 'incident_02', text: 'asked the developer' } }])
})

test.each(schemes)('the approval page closes one, with a conclusion and not without (%s)', async (scheme) => {
  const { page, asked } = await pageAt('approval', '/incidents/incident_02', scheme)
  const close = page.getByRole('button', { name: 'Close the incident' })
  await close.waitFor()
  expect(await close.isDisabled()).toBe(true)
  await page.getByLabel('Conclusion').fill('the rule was missing; it is there now')
  await expectAccessible(page)
  await screenshot(page, `incident-close-${scheme}`)
  await close.click()
  await page.getByRole('heading', { name: 'The incident is closed' }).waitFor()
  expect(asked).toMatchObject([{ call: 'close', input: { conclusion: 'the rule was missing; it is there now' } }])
})
