// Pictures of the design system and of every page with scripted data, in both themes: `npx node test/kitchen-sink/take-screens.ts <folder>`.
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../fakes/browser.ts'
import { type Answers, startPageHost } from '../fakes/page-host.ts'
import {
  busyRun,
  busyStatus,
  callsOfEachKind,
  crashingRun,
  freshStatus,
  heldLink,
  quietStatus,
  sampleServer,
} from '../fakes/page-samples.ts'
import { buildKitchenSink } from './build.ts'

const to = process.argv[2] ?? join(tmpdir(), 'toolgate-screens')
const sink = join(to, 'sink')
mkdirSync(to, { recursive: true })
await buildKitchenSink(sink)

const verified = { ok: true, entries: 18_204, checkpoints: 37, first_bad: null, problems: [], unchecked: [] }
const answering = (status: typeof busyStatus): Answers => ({ status, 'audit.verify': () => verified })

const servers: Answers = {
  status: () => {
    const status = quietStatus()
    const runs = ['running', 'crashing', 'unreachable'] as const
    return { ...status, servers: status.servers.map((server, at) => ({ ...server, runs: runs[at] ?? 'idle' })) }
  },
  'servers.list': () => ['files', 'github', 'postgres'].map(sampleServer),
  'servers.runs': () => [busyRun('files'), crashingRun('github')],
}
const at = (place: string) => async (page: Page) => {
  await page.evaluate(`location.hash = ${JSON.stringify(place)}`)
}

/** Pages of the app: a name, what the gateway says, and what is done before the picture. */
const scenes: { name: string; answers: Answers; act?: (page: Page) => Promise<void> }[] = [
  { name: 'overview-quiet', answers: answering(quietStatus) },
  { name: 'overview-busy', answers: answering(busyStatus) },
  { name: 'overview-fresh', answers: answering(freshStatus) },
  { name: 'overview-loading', answers: { status: () => new Promise(() => undefined) } },
  {
    name: 'overview-stopped',
    answers: answering(() => ({ ...busyStatus(), stopped: true })),
    act: (page) => page.getByRole('button', { name: 'Show icons only' }).click(),
  },
  {
    name: 'activity-kinds',
    answers: {
      ...answering(busyStatus),
      'activity.calls': () => ({ rows: callsOfEachKind(), next: null }),
    },
    act: async (page) => {
      await page.getByRole('link', { name: 'Activity' }).click()
      await page.getByText('a form to fill in').waitFor()
    },
  },
  { name: 'servers', answers: servers, act: at('/servers') },
  { name: 'server-running', answers: servers, act: at('/servers/files') },
  { name: 'server-crashing', answers: servers, act: at('/servers/github') },
  { name: 'server-change', answers: servers, act: at('/servers/+/files') },
  { name: 'palette', answers: answering(busyStatus), act: (page) => page.keyboard.press('Control+K') },
  { name: 'stop', answers: answering(quietStatus), act: (page) => page.getByRole('button', { name: 'Stop' }).click() },
  {
    name: 'record',
    answers: answering(quietStatus),
    act: async (page) => {
      await page.getByRole('button', { name: 'Record 18,204' }).click()
      await page.getByRole('button', { name: 'Verify now' }).click()
      await page.getByText('Verified').waitFor()
    },
  },
]

const browser = await launchBrowser()
for (const colorScheme of ['light', 'dark'] as const) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme })
  const page = await context.newPage()
  page.on('console', (message) => process.stdout.write(`${message.type()}: ${message.text()}\n`))
  page.on('pageerror', (error) => process.stdout.write(`${error.stack}\n`))
  const shoot = (name: string) => page.screenshot({ path: join(to, `${name}-${colorScheme}.png`) })
  for (const { name, answers, act } of scenes) {
    const host = await startPageHost({ page: 'app', answers })
    await page.goto(host.link())
    await page.getByRole('navigation').waitFor()
    await page.waitForTimeout(300)
    await act?.(page)
    await page.waitForTimeout(200)
    await shoot(name)
    await host.close()
  }
  const host = await startPageHost({ page: 'app', answers: {}, folder: sink })
  for (const view of ['', '#data']) {
    await page.goto('about:blank')
    await page.goto(`${host.url}index.html${view}`)
    await page.waitForTimeout(300)
    await shoot(`sink${view.replace('#', '-')}`)
    if (view !== '') continue
    await page.getByRole('button', { name: 'Toasts' }).click()
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.waitForTimeout(200)
    await shoot('sink-menu')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Large' }).click()
    await page.waitForTimeout(200)
    await shoot('sink-dialog')
  }
  await host.close()
  const out = await startPageHost({ page: 'app', answers: {} })
  await page.goto(out.url)
  await page.getByRole('heading').waitFor()
  await shoot('signed-out')
  await out.close()
  const approval = await startPageHost({
    page: 'approval',
    answers: { 'presence.state': () => ({ present: false, enrolled: true, lost: false, proof: 'pin' }) },
  })
  await page.goto(approval.link('/servers/files'))
  await page.getByText('Locked').waitFor()
  await shoot('approval')
  await approval.close()
  const link = heldLink('apr-link')
  const held = await startPageHost({
    page: 'approval',
    answers: {
      status: quietStatus,
      'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
      'policy.show': () => ({ snapshot: null, since: null, rules: [], access: [], problems: [], waiting: null }),
      'approvals.list': () => [link],
      'approvals.show': () => ({ view: link, ticket: 't', armed_in_ms: 0 }),
    },
  })
  await page.goto(held.link())
  await page.getByRole('button', { name: /Allow once/ }).waitFor()
  await page.waitForTimeout(300)
  await shoot('approval-link')
  await held.close()
  await context.close()
}
await browser.close()
process.stdout.write(`${to}\n`)
