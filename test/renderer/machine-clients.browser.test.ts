import { expect, onTestFinished, test } from 'vitest'
import type { ConfigEntryView, FoundClient } from '../../shared/client-config.ts'
import { look, testBrowser } from '../fakes/browser.ts'
import { type Answers, HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { hardNames, quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()

const entry = (name: string, guard: ConfigEntryView['guard'], why: string | null = null): ConfigEntryView => ({
  ...{ name, place: ['mcpServers', name], off: guard === 'left', guard, why },
  ...{ server: guard === 'left' ? null : 'files', new_server: false },
})
const found: FoundClient[] = [
  {
    ...{ id: 'cursor', name: 'Cursor', apply: 'restart Cursor', restarts: 'reads its file anew', applied: false },
    beyond: [
      {
        ...{ path: '/etc/claude-code/managed-mcp.json', servers: ['company', 'tickets'] },
        why: 'an administrator decides it for this machine: ask them to lead these servers through Toolgate',
      },
    ],
    hooks: {
      ...{ path: '/home/ana/.cursor/hooks.json', connected: true, on: false, problem: null, server: 'cursor-tools' },
      limits: 'Cursor itself asks',
    },
    files: [
      {
        ...{ path: '/home/ana/.cursor/mcp.json', scope: 'user', problem: null, connected: true },
        entries: [
          entry('files', 'verified'),
          entry(hardNames[3] ?? '', 'bypassed'),
          entry('odd', 'left', `the client fills in \`\${input:${'key'.repeat(20)}}\` when it starts it`),
        ],
      },
    ],
  },
  {
    ...{
      id: 'zed',
      name: 'Zed',
      apply: 'restart Zed',
      restarts: 'reads its file anew',
      applied: null,
      hooks: null,
      beyond: [],
    },
    files: [
      {
        ...{ path: `/home/ana/${'deep/'.repeat(30)}settings.json`, scope: 'user', entries: [], connected: false },
        problem: 'line 3, column 9: `files` stands twice in the same map',
      },
    ],
  },
]

/** The app's page of clients, of a machine that has these. */
async function open(find: NonNullable<Answers['configs.find']>) {
  const answers: Answers = { status: quietStatus, 'clients.list': () => [], 'configs.find': find }
  const host = await startPageHost({ page: 'app', answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage()
  await page.goto(host.link(encodeURIComponent('/clients')))
  return page
}

test('what a client bypasses, what is left alone and what is broken is said where it is, with what to do', async () => {
  const page = await open(() => found)
  await page.getByText('1 of 3 servers go through Toolgate.').waitFor()
  const cursor = page.getByRole('region', { name: 'Cursor' })
  expect(await cursor.getByText('No longer asks').count()).toBe(1)
  expect(await cursor.getByRole('button', { name: 'Repair' }).count()).toBe(1)
  await page.getByRole('region', { name: 'Zed' }).getByText('stands twice in the same map').waitFor()
  await look(page, 'machine-clients')
})

test('a machine without a client, and one that cannot be looked at, say so', async () => {
  const none = await open(() => [])
  await none.getByText('No AI client was found on this machine').waitFor()
  await look(none, 'machine-clients-none')
  const failing = await open(() => {
    throw new HostRefusal('INTERNAL', 'the home folder cannot be read', 'see its permissions')
  })
  await failing.getByText('The clients of this machine cannot be looked for').waitFor()
  await look(failing, 'machine-clients-failed')
})
