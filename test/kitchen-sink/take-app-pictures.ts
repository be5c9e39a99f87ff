// The pictures of the README, of a real gateway with real servers, in both themes: `npx node test/kitchen-sink/take-app-pictures.ts assets`.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { launchBrowser } from '../fakes/browser.ts'
import { built } from '../fakes/built.ts'
import { openLink, type PageClient } from '../fakes/page-client.ts'
import { packageFile } from '../fakes/product.ts'
import { connectClient, type RawClient } from '../fakes/raw-client.ts'

const to = process.argv[2]
if (to === undefined) throw new Error('name the folder for the pictures')

const policy = `version: v1
rules:
  - id: reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
  - id: changes-ask-me
    match: { labels: { mcp.action: [write, destructive] } }
    decision: REQUIRE_APPROVAL
    level: 1
    reason: changes wait for you
  - id: no-secrets
    match: { labels: { mcp.server: files } }
    when: resource.paths.exists(p, p.endsWith("/.env"))
    decision: DENY
    reason: keys and passwords stay where they are
`
const folder = mkdtempSync(join(tmpdir(), 'toolgate-'))
const shop = join(folder, 'shop')
const profile = join(folder, 'profile')
mkdirSync(join(shop, 'src'), { recursive: true })
mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
writeFileSync(join(profile, 'policy', 'rules.yaml'), policy, { mode: 0o600 })
for (const name of ['README.md', 'src/cart.ts', 'src/prices.ts', '.env']) {
  writeFileSync(join(shop, name), `${name} of the shop\n`)
}

const words = [built.toolgate, 'serve', '--json', '--link', '--no-open', '--profile', profile]
const gateway = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
const [line] = (await once(createInterface({ input: gateway.stdout }), 'line')) as [string]
const link: string = JSON.parse(line).app
const app = await openLink(link)
const approval = await openLink((await app.call('approvals.open', { at: '/' })).url ?? '')
await approval.call('presence.enroll', { pin: '739154' })
await serve('files', [packageFile('@modelcontextprotocol/server-filesystem', 'dist/index.js'), shop])
await serve('everything', [packageFile('@modelcontextprotocol/server-everything', 'dist/index.js'), 'stdio'])

const cursor = await client('Cursor', 'files')
const code = await client('Claude Code', 'files')
const vscode = await client('VS Code', 'everything')
const file = (name: string) => ({ path: join(shop, name) })
await code.call('list_directory', { path: shop })
await code.call('read_text_file', file('README.md'))
await vscode.call('echo', { message: 'ready?' })
await cursor.call('read_text_file', file('src/prices.ts'))
await answered(
  cursor.call('edit_file', { ...file('src/prices.ts'), edits: [{ oldText: 'shop', newText: 'store' }] }),
  true,
)
await vscode.call('get-sum', { a: 19, b: 23 })
await code.call('search_files', { path: shop, pattern: '**/*.ts' })
await answered(code.call('move_file', { source: join(shop, 'README.md'), destination: join(shop, 'old.md') }), false)
await cursor.call('read_text_file', file('.env'))
await code.call('read_text_file', file('src/cart.ts'))
const held = cursor.call('write_file', { ...file('src/discount.ts'), content: 'export const discount = 0.1\n' })
while ((await approval.call('approvals.list', {})).length === 0) await setTimeout(20)

const browser = await launchBrowser()
for (const colorScheme of ['light', 'dark'] as const) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    colorScheme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.addInitScript(`sessionStorage.setItem('toolgate.session', ${JSON.stringify(app.session)})`)
  await page.goto(`${new URL(link).origin}/#/activity`)
  await page.getByRole('row').filter({ hasText: 'no-secrets' }).click()
  await page.getByText('keys and passwords stay where they are').first().waitFor()
  await page.mouse.move(0, 0)
  await page.screenshot({ path: join(to, `app-${colorScheme}.png`) })
  await context.close()
}
await browser.close()
await answered(held, true)
for (const { process: shim } of [cursor, code, vscode]) shim.kill()
gateway.kill('SIGTERM')
await once(gateway, 'exit')
rmSync(folder, { recursive: true })
process.exit(0)

/** Registers a server, and approves all its tools as proposed. */
async function serve(name: string, args: string[]): Promise<void> {
  const launch = { transport: 'stdio' as const, command: process.execPath, args, env: {}, cwd: folder }
  const about = { trust_level: 'trusted' as const, environment: 'development', risk_tags: [] }
  const added = await app.call('servers.add', { name, launch, ...about })
  const { review_hash, tools } = await approval.call('servers.review', { name, launch: added.launch })
  await approval.call('servers.approve', { name, review_hash, tools: tools.map(({ tool }) => tool) })
}

async function client(name: string, server: string): Promise<RawClient> {
  const { id } = await approval.call('clients.issue', { name })
  const connected = connectClient(profile, server, ['--entry', id])
  await connected.initialize()
  return connected
}

/** Answers the call that waits, some seconds later, as a person would who reads first. */
async function answered(call: Promise<unknown>, yes: boolean): Promise<void> {
  const [view] = await waiting(approval)
  if (view === undefined) throw new Error('nothing waits')
  const { id, shown_hash } = view
  await setTimeout(2_300)
  const { ticket, armed_in_ms } = await approval.call('approvals.show', { id })
  await setTimeout(armed_in_ms)
  await approval.call('approvals.answer', { id, answer: yes ? 'approve' : 'deny', shown_hash, reason: '', ticket })
  await call
}

async function waiting(page: PageClient) {
  for (;;) {
    const views = await page.call('approvals.list', {})
    if (views.length > 0) return views
    await setTimeout(20)
  }
}
