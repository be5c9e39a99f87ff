import { expect, onTestFinished, test } from 'vitest'
import type { CallRow } from '../../shared/activity.ts'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { startPageHost } from '../fakes/page-host.ts'
import { quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()
const at = new Date(Date.now() - 60_000).toISOString()

function row(seq: number, client: string, tool: string, outcome: CallRow['outcome'] = 'executed'): CallRow {
  return {
    ...{ call_id: `call_${seq}`, seq, started_at: at, client: { id: client, name: client, identity: 'verified' } },
    ...{ server: 'files', kind: 'tool', tool, action: 'read', state: 'closed', outcome, observed: null },
    ...{ decision: outcome === 'blocked' ? 'DENY' : 'ALLOW', reason_code: null, reason: null, rules: [], risk: 3 },
    ...{ findings: [], latency_ms: 3, wait_ms: null },
  }
}
const rows = [
  ...Array.from({ length: 30 }, (_, index) => row(index, 'Cursor', 'read_file')),
  ...Array.from({ length: 12 }, (_, index) => row(100 + index, 'Cursor', 'list_\u202eyrotcerid')),
  ...Array.from({ length: 4 }, (_, index) => row(200 + index, 'Zed', 'write_file', 'blocked')),
]
const entry = { created_at: at, last_seen: at, revoked: false, scopes: null, tenant: null, public_origin: null }

test.each(['light', 'dark'] as const)(
  'the overview says who calls most, what is called most, and who may come in (%s)',
  async (theme) => {
    const host = await startPageHost({
      page: 'app',
      answers: {
        status: quietStatus,
        'servers.list': () => [],
        'approvals.list': () => [],
        'configs.find': () => [],
        'clients.list': () => [
          { ...entry, id: 'Cursor', name: 'Cursor', kind: 'stdio' as const },
          { ...entry, id: 'app', name: 'App', kind: 'oauth' as const },
        ],
        'activity.calls': () => ({ rows, next: null }),
      },
    })
    onTestFinished(() => host.close())
    const page = await browser.newPage({ theme })
    page.setDefaultTimeout(10_000)
    await page.goto(host.link())
    const clients = page.getByRole('region', { name: 'Clients that call most' })
    await clients.getByText('42 calls').waitFor()
    await clients.getByText('4 calls, 4 denied').waitFor()
    await clients.getByRole('link', { name: '2 clients, 1 with a token' }).waitFor()
    // Only who has an entry has a page.
    expect(await clients.getByRole('link', { name: 'Zed' }).count()).toBe(0)
    const tools = page.getByRole('region', { name: 'Tools that are called most' })
    await tools.getByRole('link', { name: 'files › read_file' }).waitFor()
    expect(await tools.innerText()).not.toContain('\u202e')
    await expectAccessible(page)
    await tools.scrollIntoViewIfNeeded()
    await screenshot(page, `overview-most-${theme}`)
    await clients.getByRole('link', { name: 'Cursor' }).click()
    await page.waitForURL(/clients\/Cursor/)
  },
)
