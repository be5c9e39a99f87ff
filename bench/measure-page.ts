import { rmSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { launchBrowser, longestWork, scrollSlowly } from '../test/fakes/browser.ts'
import { type Client, connect } from './client.ts'
import { benchServer } from './policy.ts'
import { shimArgs, startGateway } from './processes.ts'
import { prepareProfile } from './profile.ts'

/** The page of calls while calls come: how many came, and the longest task of the page's own thread, in ms of processor time. */
export type PageWork = { calls: number; longestMs: number }

const clients = 4
const atOnce = 100

/**
 * Has a person scroll through the activity page while four clients make `calls` calls, of which no two that follow each other are
 * alike, so that each has a row of its own. Null where there is no browser; `say` gets the reason.
 */
export async function measurePage(calls: number, say: (text: string) => void): Promise<PageWork | null> {
  const browser = await launchBrowser().catch((error: Error) => say(error.message))
  if (!browser) return null
  // Of its own: what the others measure begins without its records.
  const { folder } = await prepareProfile(1000)
  const gateway = await startGateway(folder, { serve: ['--link', '--no-open'] })
  const callers: Client[] = []
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
    const { app } = JSON.parse(gateway.firstLine) as { app: string }
    await page.goto(app)
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    for (let index = 0; index < clients; index++) callers.push(await connect(shimArgs(folder, benchServer)))
    // The page is what is measured: on a machine of few cores it must not wait for its turn behind what makes the calls.
    for (const pid of [gateway.pid, ...callers.map(({ pid }) => pid)]) setPriority(pid, constants.priority.PRIORITY_LOW)
    let pouring = true
    const poured = Promise.all(callers.map((caller) => pour(caller, calls / clients))).finally(() => {
      pouring = false
    })
    const list = page.getByRole('treegrid', { name: 'Calls, newest first' })
    while ((await list.evaluate((rows) => rows.scrollHeight - rows.clientHeight)) < 1000) await pause(20)
    const longestMs = await longestWork(page, async () => {
      while (pouring) await scrollSlowly(list, 60)
    })
    await poured
    return { calls, longestMs }
  } finally {
    await browser.close()
    await Promise.all(callers.map((caller) => caller.close()))
    await gateway.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pour(caller: Client, calls: number): Promise<void> {
  for (let made = 0; made < calls; made += atOnce) {
    const names = Array.from({ length: atOnce }, (_, index) => (index % 2 === 0 ? 'read_echo' : 'write_echo'))
    await Promise.all(names.map((name, index) => caller.call(name, { path: `/w/${made + index}.txt` })))
  }
}
