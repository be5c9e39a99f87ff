import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { CallName, Output, PageEvent } from '../../shared/calls.ts'
import { startDesktop } from '../../src-main/electron/desktop.ts'
import { writePages } from './built-pages.ts'
import { type BrowserWindow, desktop, resetDesktop } from './electron.ts'
import { testFolder } from './folder.ts'
import { simplePolicy } from './gateway.ts'
import { until } from './processes.ts'

let last = 0
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException'] as const

/** The page in a window, which speaks through its window as a real one does through the preload. */
export function pageIn(window: BrowserWindow) {
  const { webContents } = window
  const messages = () => webContents.mainFrame.lines.map((line) => JSON.parse(line))
  return {
    messages,
    events: (): PageEvent[] => messages().flatMap(({ event }) => (event ? [event] : [])),
    async call<N extends CallName>(name: N, input: object = {}): Promise<Output<N>> {
      const reply = await this.reply(name, input)
      if (!reply.ok) throw new Error(`${name}: ${reply.code} ${reply.message}`)
      return reply.value
    },
    async reply(name: string, input: object = {}) {
      const id = ++last
      webContents.say(JSON.stringify({ id, call: name, input }))
      await until(`${name} was answered`, () => messages().some((message) => message.id === id))
      return messages().find((message) => message.id === id)
    },
  }
}

/** A profile beside which a folder for the test lies, with rules that ask for writes, and pages that were built. */
export function desktopFolders() {
  const folder = realpathSync(testFolder())
  const [profile, renderer] = [join(folder, 'profile'), join(folder, 'renderer')]
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  writeFileSync(join(profile, 'policy', 'rules.yaml'), simplePolicy(), { mode: 0o600 })
  writePages(renderer)
  return { folder, profile, renderer }
}

/** Starts the desktop host in this process, on a desktop that is a fake; ended with the test. */
export async function startHost(options: { words?: string[]; folders?: ReturnType<typeof desktopFolders> } = {}) {
  resetDesktop()
  const before = signals.map((name) => [name, process.listeners(name as 'SIGTERM')] as const)
  const folders = options.folders ?? desktopFolders()
  onTestFinished(async () => {
    if (desktop.exit === null && desktop.tray) desktop.tray.choose('Quit Toolgate')
    await until('the app ended', () => desktop.exit !== null)
    for (const [name, kept] of before) {
      for (const listener of process.listeners(name as 'SIGTERM')) {
        if (!kept.includes(listener)) process.off(name, listener)
      }
    }
  })
  await startDesktop(['.', '--profile', folders.profile, ...(options.words ?? [])], folders.renderer)
  return folders
}

/** Registers, reviews and approves a small server of the tests, as a person does in the two windows. */
export async function addNotes(folder: string): Promise<void> {
  const file = fileURLToPath(new URL('./servers/notes-server.mjs', import.meta.url))
  const launch = {
    transport: 'stdio' as const,
    command: process.execPath,
    args: [file, folder],
    env: {},
    cwd: dirname(folder),
  }
  const rest = { trust_level: 'restricted', environment: 'test', risk_tags: ['non_prod'] }
  const [app, approval] = [pageIn(desktop.window('app')), pageIn(desktop.window('approval'))]
  const added = await app.call('servers.add', { name: 'notes', launch, ...rest })
  const { review_hash, tools } = await approval.call('servers.review', { name: 'notes', launch: added.launch })
  await approval.call('servers.approve', { name: 'notes', review_hash, tools: tools.map(({ tool }) => tool) })
}
