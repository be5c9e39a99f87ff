import { expect, onTestFinished, test } from 'vitest'
import type { ConfigEntryView, FoundClient } from '../../shared/client-config.ts'
import { look, testBrowser } from '../fakes/browser.ts'
import { startPageHost } from '../fakes/page-host.ts'
import { hardNames, quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()

const entry = (name: string, guard: ConfigEntryView['guard']): ConfigEntryView => ({
  ...{ name, place: ['mcpServers', name], off: false, guard, why: guard === 'left' ? 'its command is empty' : null },
  ...{ server: guard === 'left' ? null : 'files', new_server: false },
})
const client = (id: string, name: string, entries: ConfigEntryView[]): FoundClient => ({
  ...{ id, name, apply: `restart ${name}`, restarts: 'needs a restart', applied: null, hooks: null, beyond: [] },
  files: [{ path: `/home/ana/.${id}.json`, scope: 'user', problem: null, connected: false, entries }],
})

test('the first step counts the servers that can be led through Toolgate, and leaves out clients that have none', async () => {
  const found = [
    client('cursor', 'Cursor', [entry('files', 'bypassed'), entry(hardNames[0], 'bypassed'), entry('odd', 'left')]),
    client('junie', 'JetBrains Junie', [entry('odd', 'left')]),
  ]
  const answers = {
    ...{ status: () => ({ ...quietStatus(), servers: [], sessions: 0 }), 'configs.find': () => found },
    ...{ 'clients.list': () => [], 'servers.list': () => [], 'activity.calls': () => ({ rows: [], next: null }) },
  }
  const host = await startPageHost({ page: 'app', answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage()
  await page.goto(host.link(encodeURIComponent('/')))
  const steps = page.getByRole('list', { name: 'First steps' })
  await steps.getByRole('button', { name: 'See what would change' }).waitFor()
  expect(await steps.innerText()).toMatch(/Cursor\s+2 servers/)
  expect(await steps.innerText()).not.toContain('Junie')
  await look(page, 'first-run-found')
})
