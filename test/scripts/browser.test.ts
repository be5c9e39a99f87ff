import { expect, test } from 'vitest'
import { findBrowser, provideBrowser, thisMachine } from '../../scripts/setup/browser.mjs'

type Machine = Parameters<typeof findBrowser>[0]

const downloaded = '/home/dev/.cache/ms-playwright/chromium-1/chrome'
const install = 'node node_modules/playwright-core/cli.js install chromium --no-shell --no-remove'
const apt = '/usr/bin/apt-get install -y --no-install-recommends chromium'

/**
 * A machine with these files; `broken` ones do not start. A command brings the files that `gives` has for it, and fails
 * when there are none.
 */
function machine(
  has: string[],
  more: Partial<Machine> & { gives?: Record<string, string[]>; broken?: string[] } = {},
): Machine & { ran: string[] } {
  const files = new Set(has)
  const { gives = {}, broken = [], ...rest } = more
  const ran: string[] = []
  return {
    ...{ platform: 'linux', env: { PATH: '/usr/local/bin:/usr/bin' }, home: '/home/dev', root: false, ran },
    isProgram: (path) => files.has(path),
    isFile: (path) => files.has(path),
    starts: async (path) => !broken.includes(path),
    playwrightPath: async () => downloaded,
    async run(_, words) {
      const line = words.join(' ')
      ran.push(line)
      for (const file of gives[line] ?? []) files.add(file)
      return gives[line] !== undefined
    },
    ...rest,
  }
}

const debian = ['/etc/debian_version', '/usr/bin/apt-get']
const chrome = 'Google Chrome.app/Contents/MacOS/Google Chrome'
const [files, local] = ['C:\\Program Files', 'C:\\Users\\dev\\AppData\\Local']
const windows = { platform: 'win32', env: { ProgramFiles: files, LOCALAPPDATA: local } }

test.each<[string, Machine, string | null]>([
  [
    'a named one before all others',
    machine(['/opt/mine', '/usr/bin/chromium'], { env: { CHROME_PATH: '/opt/mine' } }),
    '/opt/mine',
  ],
  ['one of the system', machine(['/usr/bin/chromium', downloaded]), '/usr/bin/chromium'],
  ['the first in PATH', machine(['/usr/bin/chromium', '/usr/local/bin/chromium']), '/usr/local/bin/chromium'],
  ['without any PATH', machine(['/usr/bin/google-chrome'], { env: {} }), '/usr/bin/google-chrome'],
  [
    'one that starts',
    machine(['/usr/bin/chromium', '/usr/bin/google-chrome'], { broken: ['/usr/bin/chromium'] }),
    '/usr/bin/google-chrome',
  ],
  ['one that was downloaded', machine([downloaded]), downloaded],
  ['on macOS', machine([`/Applications/${chrome}`], { platform: 'darwin' }), `/Applications/${chrome}`],
  [
    'on macOS, for one account',
    machine([`/home/dev/Applications/${chrome}`], { platform: 'darwin' }),
    `/home/dev/Applications/${chrome}`,
  ],
  [
    'on Windows',
    machine([`${local}\\Google\\Chrome\\Application\\chrome.exe`], windows),
    `${local}\\Google\\Chrome\\Application\\chrome.exe`,
  ],
  [
    'Edge on Windows',
    machine([`${files}\\Microsoft\\Edge\\Application\\msedge.exe`], windows),
    `${files}\\Microsoft\\Edge\\Application\\msedge.exe`,
  ],
  ['none', machine([]), null],
  ['none where Playwright is not installed', machine([], { playwrightPath: async () => null }), null],
])('finds %s', async (_, where, expected) => {
  expect(await findBrowser(where)).toBe(expected)
})

test.each(['/not/there', '/usr/bin/broken'])('a CHROME_PATH of %s is a mistake, not a wish', async (named) => {
  const where = machine(['/usr/bin/chromium', '/usr/bin/broken'], {
    env: { CHROME_PATH: named },
    broken: ['/usr/bin/broken'],
  })
  await expect(provideBrowser(where)).rejects.toMatchObject({
    message: `CHROME_PATH names \`${named}\`, which does not start`,
    hint: expect.stringContaining('unset'),
  })
})

test('where there is a browser, nothing is fetched', async () => {
  const where = machine(['/usr/bin/chromium'])
  expect(await provideBrowser(where)).toBe('/usr/bin/chromium')
  expect(where.ran).toEqual([])
})

test('where there is none, it is downloaded', async () => {
  const where = machine(debian, { gives: { [install]: [downloaded] }, root: true })
  expect(await provideBrowser(where)).toBe(downloaded)
  expect(where.ran).toEqual([install])
})

test.each<[string, Record<string, string[]>]>([
  ['the download fails', {}],
  ['what was downloaded does not start', { [install]: [downloaded] }],
])('as root on Debian, when %s, the package is installed', async (_, gives) => {
  const where = machine(debian, {
    gives: { ...gives, [apt]: ['/usr/bin/chromium'] },
    broken: [downloaded],
    root: true,
  })
  expect(await provideBrowser(where)).toBe('/usr/bin/chromium')
  expect(where.ran).toEqual([install, '/usr/bin/apt-get update', apt])
})

const fromDebian = 'apt-get install -y --no-install-recommends chromium'

test.each<[string, Machine & { ran: string[] }, string, number]>([
  ['an ordinary user on Debian', machine(debian), `sudo ${fromDebian}`, 1],
  ['root on Debian, offline', machine(debian, { root: true }), fromDebian, 3],
  ['a package that brings nothing that starts', machine(debian, { root: true, gives: { [apt]: [] } }), fromDebian, 3],
  ['root on another Linux', machine([], { root: true }), 'npx playwright-core install chromium', 1],
  ['macOS', machine([], { platform: 'darwin' }), 'npx playwright-core install chromium', 1],
  ['Windows', machine([], windows), 'npx playwright-core install chromium', 1],
])('%s is told the command', async (_, where, command, tries) => {
  await expect(provideBrowser(where)).rejects.toMatchObject({
    name: 'SetupError',
    hint: `run \`${command}\`, or name one in CHROME_PATH`,
  })
  expect(where.ran).toHaveLength(tries)
})

test('the browser of this machine is one that starts', async () => {
  const here = thisMachine({ root: process.cwd(), node: process.execPath, env: process.env })
  const found = await findBrowser(here)
  expect(found === null || (await here.starts(found))).toBe(true)
  expect(await here.starts('/nowhere/chromium')).toBe(false)
  expect(await here.playwrightPath()).toMatch(/chrom/)
  expect(await here.run('running nothing', ['node', '--version'], 30_000)).toBe(true)
  expect(await here.run('waiting for ever', ['node', '-e', 'setInterval(() => {}, 1000)'], 200)).toBe(false)
})
