import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { ensurePeers, entryOf } from '../e2e/compatibility/install.ts'
import { bindAtPage } from '../fakes/access-file.ts'
import { approvalWindow } from '../fakes/approval-window.ts'
import { personThrough } from '../fakes/approve-at-page.ts'
import { look, opened, testBrowser } from '../fakes/browser.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { startLines } from '../fakes/line-process.ts'
import type { PageClient } from '../fakes/page-client.ts'
import { pin, readyHost } from '../fakes/ready-host.ts'

const browser = testBrowser()
const host = readyHost(simplePolicy())
let app: PageClient
let address = ''

beforeAll(async () => {
  app = await host.ready()
  address = ((await app.call('status', {})).http ?? '').replace('/<server>', '')
})

/** An SDK client that signs in; `ask` gives its answer to a command. */
function sdkClient(version: string) {
  const run = startLines(process.execPath, [script(`${version}-oauth`), `${address}/notes`])
  const ask = (command: string) => run.ask(command, /^(tools|result|failed|spoiled|kept) ?/)
  return { ...run, ask }
}

const script = (name: string) => join(import.meta.dirname, '..', 'fakes', 'sdk-clients', `${name}.mjs`)

const unlocked = (page: Page) => approvalWindow(app, page, pin)
const bind = (client = '') => bindAtPage({ profile: host.profile, app, pin }, client, 'mcp.read_only')

/** Revokes a client at the approval page. */
async function turnOut(id: string): Promise<void> {
  const door = await personThrough(app, '/clients', pin)
  await door.call('clients.revoke', { id })
  await door.close()
}

/** Every file of the profile, as bytes. */
function profileBytes(): Buffer {
  const files = readdirSync(host.profile, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath, entry.name))))
}

test.each(['v1', 'v2'])(
  'the SDK %s client finds its way in by itself: a person says yes in the approval window, policy binds it, it renews its access, and is turned out',
  { timeout: 180_000 },
  async (version) => {
    const client = sdkClient(version)
    const page = await browser.newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(await client.line('open '))
    await page.getByRole('heading', { name: 'Look at Toolgate' }).waitFor()
    await page.getByText('SDK client').waitFor()
    await look(page, `oauth-wait-${version}`)

    const approval = await unlocked(page)
    await approval.getByRole('button', { name: 'Look', exact: true }).click()
    await approval.getByText('to try things out').waitFor()
    await approval.getByText('It can call none of the').waitFor()
    await look(approval, `oauth-consent-${version}`)
    await approval.getByLabel('Until I revoke it').check()
    await approval.getByRole('button', { name: 'Allow always' }).click()
    await approval.getByText('It is let in until you revoke it').waitFor()

    await page.getByRole('heading', { name: 'Back in the app' }).waitFor()
    await client.line('connected')
    expect(await client.ask('list')).toBe('tools ')
    const refused = await client.ask('call read_note')
    expect(refused).toContain('ACCESS_DENIED')
    expect(refused).toContain('access policy')

    const entry = (await app.call('clients.list', {})).find(({ kind, revoked }) => kind === 'oauth' && !revoked)
    expect(entry).toMatchObject({ kind: 'oauth', scopes: [] })
    await bind(entry?.id)
    expect(await client.ask('list')).toMatch(/read_note/)
    expect(await client.ask('call read_note')).toContain('read_note did')
    expect(await client.ask('call write_note')).toContain('ACCESS_DENIED')

    expect(await client.ask('spoil')).toBe('spoiled')
    expect(await client.ask('call read_note')).toContain('read_note did')
    const kept = JSON.parse((await client.ask('kept')).slice('kept '.length))
    expect(kept.all.length).toBeGreaterThanOrEqual(4)

    await approval.close()
    await turnOut(entry?.id ?? '')
    expect(await client.ask('call read_note')).toMatch(/^failed /)

    const bytes = profileBytes()
    const secrets = [...kept.all, kept.code]
    expect(secrets.length).toBe(5)
    expect(secrets.filter((secret: string) => bytes.includes(secret))).toEqual([])
    // What is searched for is found where it lies.
    expect(bytes.includes(entry?.id ?? '')).toBe(true)
  },
)

test('mcp-remote, as it comes from its registry, brings a client that only starts programs in', {
  timeout: 300_000,
}, async () => {
  await ensurePeers('peers')
  const home = join(host.folder, 'remote')
  const words = [`${address}/notes`, '--allow-http', '--transport', 'http-only', '--protocol', 'legacy']
  const env = { HOME: home, MCP_REMOTE_CONFIG_DIR: home, BROWSER: 'true', DISPLAY: '' }
  const remote = startLines(
    process.execPath,
    [entryOf({ package: 'mcp-remote', entry: 'dist/proxy.js' }), ...words],
    env,
  )
  // Its own page at the end wants to close itself, and has no icon.
  // It ends its own listener as soon as it was called back, often before the browser has asked for its picture.
  const page = await browser.newPage({ allow: [/may close only the windows/, /404/, /ERR_CONNECTION_REFUSED/] })
  page.setDefaultTimeout(20_000)
  await page.goto(await remote.matching(/^http:\S+\/oauth\/authorize/))
  const approval = await unlocked(page)
  await approval.getByRole('button', { name: 'Look', exact: true }).click()
  await approval.getByLabel('Until I revoke it').check()
  await approval.getByRole('button', { name: 'Allow always' }).click()
  await approval.getByText('It is let in until you revoke it').waitFor()
  await approval.close()

  const ask = (id: number, method: string, params: object) =>
    remote.ask(JSON.stringify({ jsonrpc: '2.0', id, method, params }), new RegExp(`^\\{.*"id":${id}[,}]`))
  const clientInfo = { name: 'remote', version: '1' }
  expect(await ask(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })).toContain(
    'result',
  )
  const call = (id: number) => ask(id, 'tools/call', { name: 'read_note', arguments: {} })
  expect(await call(2)).toContain('ACCESS_DENIED')
  const entry = (await app.call('clients.list', {})).find(({ kind, revoked }) => kind === 'oauth' && !revoked)
  await bind(entry?.id)
  expect(await call(3)).toContain('read_note did')
  await turnOut(entry?.id ?? '')
  // It asks to be let in anew; what it had is good for nothing.
  const refused = call(4).catch(() => 'ended')
  await Promise.race([
    refused,
    remote.matching(/^http:\S+\/oauth\/authorize/),
    remote.matching(/[Ii]nvalid|[Uu]nauthori[sz]ed|401/),
  ])
  expect(await Promise.race([refused, new Promise((resolve) => setTimeout(resolve, 500, 'waits'))])).not.toContain(
    'read_note did',
  )
})

test('a person says no: the app is told, and nothing was given', async () => {
  const client = sdkClient('v1')
  const page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(await client.line('open '))
  const shown = await browser.newPage()
  await host.letIn(shown, '/')
  await shown.getByText('SDK client asks to use tools through Toolgate.').waitFor()
  await look(shown, 'oauth-app')
  const approval = await opened(shown.context(), () => shown.getByRole('button', { name: 'Answer' }).click())
  await approval.getByLabel('PIN', { exact: true }).fill(pin)
  await approval.keyboard.press('Enter')
  await approval.getByRole('button', { name: 'Deny' }).click()
  await approval.getByText('You said no').waitFor()
  expect(await client.line('failed ')).toContain('access_denied')
  await shown.getByText('SDK client asks').waitFor({ state: 'detached' })
})
