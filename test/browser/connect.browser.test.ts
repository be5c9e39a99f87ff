import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { focused, look, opened, press, tabTo, testBrowser } from '../fakes/browser.ts'
import { built } from '../fakes/built.ts'
import { program } from '../fakes/person.ts'
import { packageFile } from '../fakes/product.ts'
import { pin, readyHost } from '../fakes/ready-host.ts'

const browser = testBrowser()
const host = readyHost(
  'version: v1\nrules:\n  - id: all\n    match: { labels: { mcp.server: "*" } }\n    decision: ALLOW\n',
)
const secret = 'tok-7f3e-never-shown'
const files = {
  cursor: () => join(host.home, '.cursor', 'mcp.json'),
  codex: () => join(host.home, '.codex', 'config.toml'),
  claude: () => join(host.home, '.claude', 'settings.json'),
}
const server = packageFile('@modelcontextprotocol/server-filesystem', 'dist/index.js')
let cursorBefore = ''
let codexBefore = ''

beforeAll(async () => {
  for (const folder of ['.cursor', '.codex', '.claude']) mkdirSync(join(host.home, folder))
  const entry = { command: process.execPath, args: [server, host.workspace], env: { API_TOKEN: secret } }
  const broken = { command: 'no-such-program', args: [] }
  cursorBefore = `{\n  // mine\n  "mcpServers": {\n    "files": ${JSON.stringify(entry)},\n    "late": ${JSON.stringify(broken)}\n  }\n}\n`
  writeFileSync(files.cursor(), cursorBefore)
  codexBefore = `# mine\n[mcp_servers.disk]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${JSON.stringify([server, host.workspace])}\n`
  writeFileSync(files.codex(), codexBefore)
  await host.ready()
})

/** The app at a place, signed in. */
async function appAt(place: string): Promise<Page> {
  const page = await browser.newPage()
  await host.letIn(page, place)
  return page
}

/** The approval page that a button of the app opens by keyboard, unlocked. */
async function unlocked(app: Page, client: string, button: string): Promise<Page> {
  const within = client === '' ? app : app.getByRole('region', { name: client })
  const page = await opened(app.context(), async () => {
    const reached = within.getByRole('button', { name: button, exact: true }).and(app.locator(':focus'))
    while ((await reached.count()) === 0) await press(app, 'Tab')
    await press(app, 'Enter')
  })
  await page.getByLabel('PIN', { exact: true }).fill(pin)
  await page.keyboard.press('Enter')
  await page.getByText('Unlocked').waitFor()
  return page
}

test('clients are found, connected with what changes in sight, and taken back to the byte', async () => {
  const app = await appAt('/clients')
  await app.getByText('None of their 3 servers goes through Toolgate yet.').waitFor()
  await look(app, '60-clients-found')

  const page = await unlocked(app, '', 'Connect all')
  const cursor = page.getByRole('region', { name: 'Cursor' })
  await cursor.getByText('no-such-program').first().waitFor()
  expect(await page.content()).not.toContain(secret)
  await look(page, '61-connect-preview')

  // One that is left out stays as it is.
  await page.getByLabel('Connect Codex').uncheck()
  await page.getByRole('region', { name: 'Codex' }).getByText('It stays as it is.').waitFor()
  await page.getByRole('button', { name: 'Connect Cursor' }).click()
  await page.getByText('waits for your review').waitFor()
  await look(page, '62-connected')
  expect(readFileSync(files.cursor(), 'utf8')).toContain('// mine')
  expect(readFileSync(files.cursor(), 'utf8')).not.toContain(secret)
  expect(readFileSync(files.codex(), 'utf8')).toBe(codexBefore)
  await app.getByText('1 of 3 servers go through Toolgate.').waitFor()
  await app.getByRole('region', { name: 'Cursor' }).getByText('Configured').waitFor()
  await look(app, '63-one-connected')
  await page.close()

  const back = await unlocked(app, 'Cursor', 'Undo')
  await back.getByText('then run past Toolgate again').waitFor()
  await look(back, '64-undo')
  await tabTo(back, /button "Take it back"/)
  await press(back, 'Enter')
  await back.getByText('It is what it was, byte for byte.').waitFor()
  await look(back, '65-undone')
  expect(readFileSync(files.cursor(), 'utf8')).toBe(cursorBefore)
  await back.close()
})

test('a file that changed after it was shown is not written, and is looked at again', async () => {
  const app = await appAt('/clients')
  const page = await unlocked(app, 'Codex', 'Connect')
  await page.getByRole('button', { name: 'Connect Codex' }).waitFor()
  const newer = codexBefore.replace('# mine', '# newer')
  writeFileSync(files.codex(), newer)
  await page.getByRole('button', { name: 'Connect Codex' }).click()
  await page.getByText('was changed meanwhile').waitFor()
  await look(page, '66-changed-meanwhile')
  expect(readFileSync(files.codex(), 'utf8')).toBe(newer)
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByRole('figure').getByText('# newer').waitFor()
  await page.getByRole('button', { name: 'Connect Codex' }).click()
  await page.getByRole('heading', { name: 'Connected', exact: true }).waitFor()
  expect(readFileSync(files.codex(), 'utf8')).toContain('# newer')

  // A client that writes its file anew, without Toolgate, is told of and repaired.
  writeFileSync(files.codex(), newer)
  await app.getByRole('region', { name: 'Codex' }).getByText('Bypassed').waitFor()
  await expect.poll(bypassesOnRecord, { timeout: 30_000 }).toBe(1)
  const repair = await unlocked(app, 'Codex', 'Repair')
  await repair.getByRole('button', { name: 'Connect Codex' }).waitFor()
  await tabTo(repair, /button "Connect Codex"/)
  await press(repair, 'Enter')
  await repair.getByRole('heading', { name: 'Connected', exact: true }).waitFor()
  await app.getByRole('region', { name: 'Codex' }).getByText('Configured').waitFor()
  await app.getByText('To apply: start Codex again.').waitFor()

  // Coming back is what shows that the client has read the change.
  const [, entry = ''] = /--entry", "(client_\w+)"/.exec(readFileSync(files.codex(), 'utf8')) ?? []
  const client = host.connect('disk', ['--entry', entry])
  await client.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'c', version: '1' },
  })
  await app.reload()
  await app.getByText('It has read the change.').waitFor()
})

/** How often it was recorded that a client went past Toolgate. */
async function bypassesOnRecord(): Promise<number> {
  const tail = await program([process.execPath, built.toolgate, 'audit', 'tail', '--json', '--profile', host.profile])
  return tail.screen.split('"client.bypassed"').length - 1
}

test('by keyboard: the own tools of a client are put under the same decision, and left alone again', async () => {
  const app = await appAt('/clients')
  await app.getByRole('region', { name: 'Claude Code' }).getByText('Not governed').waitFor()
  const page = await unlocked(app, 'Claude Code', 'Connect its own tools')
  await page.getByText('There is nothing to connect').waitFor()
  await look(page, '67-nothing-but-hooks')
  while (!(await focused(page)).includes('Decide their own tools')) await press(page, 'Tab')
  await press(page, 'Space')
  await page.getByRole('button', { name: 'Connect Claude Code' }).waitFor()
  await look(page, '68-hooks')
  while (!(await focused(page)).includes('Connect Claude Code')) await press(page, 'Tab')
  await press(page, 'Enter')
  await page.getByRole('button', { name: 'Review claude-code-tools' }).waitFor()
  expect(readFileSync(files.claude(), 'utf8')).toContain('--hook claude-code')
  await app.getByRole('region', { name: 'Claude Code' }).getByText('as claude-code-tools').waitFor()
  await look(app, '69-own-tools')
  await page.close()
  const back = await unlocked(app, 'Claude Code', 'Undo')
  await back.getByRole('button', { name: 'Take it back' }).click()
  await back.getByText('It is what it was, byte for byte.').waitFor()
  expect(existsSync(files.claude())).toBe(false)
})
