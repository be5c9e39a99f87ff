import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Input } from '../../shared/calls.ts'
import { launchBrowser } from '../fakes/browser.ts'
import { type Answers, startPageHost } from '../fakes/page-host.ts'
import { busyRun, crashingRun, quietStatus, sampleServer } from '../fakes/page-samples.ts'

let browser: Browser
let context: BrowserContext | undefined
beforeAll(async () => {
  browser = await launchBrowser()
})
afterEach(() => context?.close())
afterAll(() => browser.close())

/** The app at a place, with one server that runs and one that keeps ending until it is restarted. */
async function open(at: string, { scheme = 'light' as const, answers = {} as Answers } = {}) {
  let github = crashingRun('github')
  const asked: { call: string; input: object }[] = []
  const host = await startPageHost({
    page: 'app',
    answers: {
      status: () => {
        const status = quietStatus()
        const runs = { files: 'running', github: github.state } as const
        const servers = status.servers.map((server) => ({
          ...server,
          runs: { ...runs, postgres: 'idle' as const }[server.name] ?? 'idle',
        }))
        return { ...status, servers }
      },
      'servers.list': () => [sampleServer('files'), sampleServer('github')],
      'servers.runs': () => [busyRun('files'), github],
      'servers.restart': (input) => {
        asked.push({ call: 'restart', input })
        github = { ...github, state: 'idle', next_try: null, ends: 0 }
        host.tell({ changed: ['servers', 'status'] })
        return github
      },
      'servers.stop': (input) => {
        asked.push({ call: 'stop', input })
        return { ...busyRun('files'), state: 'idle', processes: [] }
      },
      'servers.set': (input: Input<'servers.set'>) => {
        asked.push({ call: 'set', input })
        return sampleServer(input.name)
      },
      ...answers,
    },
  })
  onTestFinished(() => host.close())
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: scheme })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(host.link(encodeURIComponent(at)))
  return { page, asked, complaints }
}

test('a server that keeps ending: the page says so everywhere, why, and restarts it', async () => {
  const { page, asked } = await open('/servers/github')
  const banner = page.getByRole('status').filter({ hasText: 'A server keeps ending.' })
  await banner.waitFor()
  const now = page.getByRole('region', { name: 'Right now' })
  await now.getByText('It ended 7 times').waitFor()
  await now.getByText('it ended with code 4').waitFor()
  await now.getByText('In the words of the server').waitFor()
  await now.getByText('no licence was found').waitFor()
  await now.getByRole('button', { name: 'Restart' }).click()
  await banner.waitFor({ state: 'detached' })
  await now.getByText('nobody uses it; the next request starts it').waitFor()
  expect(asked).toEqual([{ call: 'restart', input: { name: 'github' } }])
})

test('a server that runs: for whom, since when, and it is stopped', async () => {
  const { page, asked } = await open('/servers/files')
  const table = page.getByRole('table', { name: 'What runs' })
  await table.waitFor()
  expect(await table.getByRole('row').count()).toBe(4)
  expect(await table.getByRole('row', { name: /Cursor 8100/ }).count()).toBe(1)
  await page.getByText('One process still runs what it was before its settings changed').waitFor()
  await page.getByRole('button', { name: 'Stop now' }).click()
  await expect.poll(() => asked).toEqual([{ call: 'stop', input: { name: 'files' } }])
})

test('only what was changed is sent, and the page of the server is next', async () => {
  const { page, asked } = await open('/servers/files', {
    answers: {
      'servers.list': () => {
        const server = sampleServer('files')
        if (server.launch.transport !== 'stdio') throw new Error('a program was expected')
        return [{ ...server, launch: { ...server.launch, env_names: ['TOKEN', 'OLD'] } }]
      },
    },
  })
  await page.getByRole('button', { name: 'Change' }).click()
  const save = page.getByRole('button', { name: 'Change server' })
  await save.waitFor()
  expect(await save.isDisabled()).toBe(true)
  expect(await page.getByLabel('Command line').inputValue()).toBe('/usr/bin/npx -y server-files /home/ana/projects')
  await page.getByLabel('Value of variable 1').fill('new')
  await page.getByRole('button', { name: 'Leave out variable 2' }).click()
  await page.getByLabel('Trust level').selectOption('trusted')
  await save.click()
  await page.getByRole('region', { name: 'Right now' }).waitFor()
  expect(asked).toEqual([
    {
      call: 'set',
      input: {
        name: 'files',
        launch: { transport: 'stdio', env: { TOKEN: 'new', OLD: null } },
        trust_level: 'trusted',
      },
    },
  ])
})

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  test.each(['/servers', '/servers/github', '/servers/files', '/servers/+/files'])('%s is accessible', async (at) => {
    const { page, complaints } = await open(at, { scheme: scheme as 'light' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    expect(complaints).toEqual([])
  })
})
