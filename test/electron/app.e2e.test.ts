import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { CallName, Output } from '../../shared/calls.ts'
import { testFolder } from '../fakes/folder.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { until } from '../fakes/processes.ts'
import { connectClient, type RawClient } from '../fakes/raw-client.ts'
import { root } from '../rules/source.ts'

/** Where Electron's own package looks (its index.js), without what that does when there is nothing: a download. */
function electronBinary(): string | null {
  const folder = join(root, 'node_modules', 'electron')
  const named = join(folder, 'path.txt')
  const name = existsSync(named) ? readFileSync(named, 'utf8') : 'electron'
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const file = given ? join(given, name) : join(folder, 'dist', name)
  return existsSync(file) ? file : null
}

const binary = electronBinary()
const noScreen = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
const missing = [
  ...(binary ? [] : ['there is no Electron binary (`node node_modules/electron/install.js` fetches it)']),
  ...(noScreen ? ['there is no display (`xvfb-run -a` gives one)'] : []),
]
if (missing.length > 0) {
  const words = `SKIPPED: the desktop app itself was not started: ${missing.join('; ')}`
  if (process.env.TOOLGATE_ELECTRON === 'required') throw new Error(words)
  console.warn(words)
}

type Bridge = { send: (line: string) => void; onLine: (listener: (line: string) => void) => void }

/** Makes a call through the page's own bridge, beside the page: with numbers that it does not use. */
async function ask<N extends CallName>(page: Page, call: N, input: object = {}): Promise<Output<N>> {
  const reply = await page.evaluate(
    ([name, given, id]) =>
      new Promise<{ ok: boolean; value: unknown; code?: string }>((resolve) => {
        const { bridge } = globalThis as unknown as { bridge: Bridge }
        bridge.onLine((line) => {
          const said = JSON.parse(line)
          if (said.id === id) resolve(said)
        })
        bridge.send(JSON.stringify({ id, call: name, input: given }))
      }),
    [call, input, 1_000_000 + Math.floor(Math.random() * 1_000_000)] as const,
  )
  if (!reply.ok) throw new Error(`${call}: ${reply.code}`)
  return reply.value as Output<N>
}

async function pageOf(app: ElectronApplication, door: 'app' | 'approval'): Promise<Page> {
  const find = () => app.windows().find((page) => page.url().startsWith(`toolgate://${door}/`))
  await until(`the window of ${door} is there`, () => find() !== undefined)
  const page = find()
  if (!page) throw new Error(`the window of ${door} is gone`)
  await page.waitForLoadState()
  return page
}

async function launch(): Promise<{ app: ElectronApplication; profile: string }> {
  const profile = join(testFolder(), 'profile')
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  writeFileSync(join(profile, 'policy', 'rules.yaml'), simplePolicy(), { mode: 0o600 })
  const app = await _electron.launch({
    executablePath: binary ?? '',
    args: [root, '--profile', profile, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  onTestFinished(() => app.close())
  return { app, profile }
}

async function addNotes(app: Page, approval: Page): Promise<void> {
  const file = join(root, 'test', 'fakes', 'servers', 'notes-server.mjs')
  const launch = { transport: 'stdio' as const, command: process.execPath, args: [file], env: {}, cwd: root }
  const added = await ask(app, 'servers.add', {
    ...{ name: 'notes', launch, trust_level: 'restricted', environment: 'test', risk_tags: ['non_prod'] },
  })
  const { review_hash, tools } = await ask(approval, 'servers.review', { name: 'notes', launch: added.launch })
  await ask(approval, 'servers.approve', { name: 'notes', review_hash, tools: tools.map(({ tool }) => tool) })
}

async function called(client: RawClient, text: string): Promise<string> {
  return (await client.call('write_note', { text })).outcome
}

test.skipIf(missing.length > 0)('the app opens, and a held call is answered in its window by keyboard', async () => {
  const { app, profile } = await launch()
  const page = await pageOf(app, 'app')
  expect(await page.title()).toContain('Toolgate')
  expect(await page.locator('nav').first().isVisible()).toBe(true)
  const approval = await pageOf(app, 'approval')
  // What a page must not have, in both: Node, and any way out.
  for (const each of [page, approval]) {
    expect(
      await each.evaluate(() => ['process', 'require', 'module', 'Buffer'].filter((name) => name in globalThis)),
    ).toEqual([])
  }
  await addNotes(page, approval)

  const client = connectClient(profile, 'notes')
  onTestFinished(() => client.close())
  await client.initialize()
  const allowed = called(client, 'first')
  await approval.getByText('write_note').first().waitFor()
  await until('the window shows', () => shows(app, 'approval'))
  // Allow arms half a second after it is shown; until then the key does nothing.
  const keys = setInterval(() => void approval.keyboard.press('ControlOrMeta+Enter').catch(() => {}), 200)
  expect(await allowed.finally(() => clearInterval(keys))).toBe('ok')
  await until('the window is gone', async () => !(await shows(app, 'approval')))

  const denied = called(client, 'second')
  await until('the window shows again', () => shows(app, 'approval'))
  await approval.getByText('write_note').first().waitFor()
  await approval.keyboard.press('Escape')
  expect(await denied).toBe('APPROVAL_DENIED')
})

test.skipIf(missing.length > 0)('an answer from the app’s own page is refused', async () => {
  const { app } = await launch()
  const page = await pageOf(app, 'app')
  await expect(ask(page, 'approvals.list')).rejects.toThrow('FORBIDDEN_AT_DOOR')
  await expect(ask(page, 'resume')).rejects.toThrow('FORBIDDEN_AT_DOOR')
})

async function shows(app: ElectronApplication, door: string): Promise<boolean> {
  return app.evaluate(
    ({ BrowserWindow }, start) =>
      BrowserWindow.getAllWindows().some((it) => it.webContents.getURL().startsWith(start) && it.isVisible()),
    `toolgate://${door}/`,
  )
}
