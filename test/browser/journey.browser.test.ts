import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appHost } from '../fakes/app-host.ts'
import { focused, look, opened, testBrowser } from '../fakes/browser.ts'
import { packageFile } from '../fakes/product.ts'

const pin = '739154'
const policy = `version: v1
rules:
  - id: reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
  - id: changes-ask
    match: { labels: { mcp.action: [write, destructive] } }
    decision: REQUIRE_APPROVAL
    level: 1
    reason: changes wait for you
  - id: stay-inside
    match: { labels: { mcp.server: "*" } }
    when: resource.paths.exists(p, p != "WORKSPACE" && !p.startsWith("WORKSPACE/"))
    decision: DENY
    reason: only the projects folder is touched
`

const browser = testBrowser()
const host = appHost(policy)

test('a first run leads to a governed call, answered by keyboard, explained, and proved', {
  timeout: 180_000,
}, async () => {
  writeFileSync(join(host.workspace, 'hello.txt'), 'hello from the projects folder\n')
  const app = await browser.newPage()
  await app.goto(await host.start())
  const context = app.context()

  await app.getByRole('heading', { name: 'Choose a PIN' }).waitFor()
  expect(app.url()).not.toContain('sign-in')
  await look(app, '01-first-run')

  const approval = await opened(context, () => app.getByRole('button', { name: 'Choose a PIN' }).click())
  await approval.getByLabel('PIN', { exact: true }).waitFor()
  await look(approval, '02-choose-pin')
  await approval.keyboard.type(pin)
  await approval.keyboard.press('Tab')
  await approval.keyboard.type(pin)
  await approval.keyboard.press('Enter')
  await approval
    .getByText(/nothing waits/i)
    .first()
    .waitFor()
  await look(approval, '03-nothing-waits')

  // The step ticks itself, and the next one is open.
  await app.getByText('You chose a PIN').waitFor()
  await app.getByRole('radio', { name: /Another server/ }).check({ force: true })
  await app.getByLabel('Name', { exact: true }).fill('files')
  const words = [
    process.execPath,
    packageFile('@modelcontextprotocol/server-filesystem', 'dist/index.js'),
    host.workspace,
  ]
  await app.getByRole('textbox', { name: 'Command line' }).fill(words.join(' '))
  await look(app, '04-add-server')
  await app.getByRole('button', { name: 'Add server' }).click()

  const review = await opened(context, () => app.getByRole('button', { name: 'Review files' }).click())
  await review.getByLabel('PIN', { exact: true }).fill(pin)
  await review.keyboard.press('Enter')
  await review.getByRole('button', { name: 'Run it once to see its tools' }).waitFor()
  await look(review, '05-before-the-review')
  await review.getByRole('button', { name: 'Run it once to see its tools' }).click()
  const approve = review.getByRole('button', { name: /Approve \d+ tools/ })
  await approve.waitFor({ timeout: 30_000 })
  await look(review, '06-review')
  await approve.click()
  await review.getByText(/files is approved: \d+ tools/).waitFor()
  await look(review, '07-approved')
  await review.close()
  await app.getByText('A server is approved').waitFor()
  await look(app, '08-connect-a-client')

  const connect = await opened(context, () => app.getByRole('button', { name: 'Connect a client' }).click())
  await connect.getByLabel('PIN', { exact: true }).fill(pin)
  await connect.keyboard.press('Enter')
  await connect.getByLabel('Client', { exact: true }).fill('Cursor')
  await look(connect, '08b-new-client')
  await connect.getByRole('button', { name: 'Make an entry' }).click()
  await connect.getByText('Cursor can connect now').waitFor()
  await look(connect, '08c-entry-made')
  const [, entry = ''] = /"(client_[0-9a-f]+)"/.exec(await connect.locator('main').innerText()) ?? []
  await connect.close()
  await app.getByText('A client is connected').waitFor()
  // The steps stay in sight here once they are all done; on the overview they give way to what happened.
  await app.evaluate("location.hash = '#/start'")

  const client = host.connect('files', ['--entry', entry])
  await client.initialize()
  const hello = await client.call('read_text_file', { path: join(host.workspace, 'hello.txt') })
  expect(hello.text).toContain('hello from the projects folder')
  await app.getByText('Calls are decided').waitFor()
  await look(app, '09-first-call')

  // A held call, answered with the keyboard alone: the page has the focus, Deny first.
  const path = join(host.workspace, 'notes.md')
  const written = client.call('write_file', { path, content: '# Notes\n\nby hand\n' })
  await approval.bringToFront()
  await approval.getByRole('button', { name: /Allow once/ }).waitFor()
  expect(await focused(approval)).toMatch(/button "Deny/)
  expect(existsSync(path)).toBe(false)
  await look(approval, '10-held-call')
  await approval.keyboard.press('d')
  await look(approval, '11-held-call-details')
  await approval.keyboard.press('Control+Enter')
  expect((await written).outcome).toBe('ok')
  expect(readFileSync(path, 'utf8')).toBe('# Notes\n\nby hand\n')

  const outside = await client.call('write_file', { path: join(host.folder, 'outside.txt'), content: 'x' })
  expect(outside.outcome).toBe('POLICY_DENIED')
  const gone = client.call('write_file', { path: join(host.workspace, 'b.md'), content: 'b' })
  // It is on screen, and no longer the one before it.
  await approval.getByText('b.md').first().waitFor()
  await approval.keyboard.press('Escape')
  expect((await gone).outcome).toBe('APPROVAL_DENIED')

  // What happened, and why.
  await app.bringToFront()
  await app.getByRole('link', { name: /Activity/ }).click()
  const denied = app.getByRole('row').filter({ hasText: 'stay-inside' }).first()
  await denied.waitFor()
  await look(app, '12-activity')
  await denied.click()
  const drawer = app.getByRole('complementary')
  await drawer.getByText('only the projects folder is touched').first().waitFor()
  await drawer
    .getByText(/rules\.yaml:\d+/)
    .first()
    .waitFor()
  await look(app, '13-denied-explained')
  await drawer.getByRole('button', { name: /Verify/ }).click()
  const verified = drawer.getByText(/^\d+ entries and \d+ signed checkpoints? fit together/)
  await verified.waitFor({ timeout: 30_000 })
  await verified.scrollIntoViewIfNeeded()
  await look(app, '14-verified')

  const pages = [
    ['Overview', 'Everything through Toolgate is guarded'],
    ['Approvals', 'Approvals'],
    ['Policies', 'Policies'],
    ['Connected clients', 'Connected clients'],
    ['Servers', 'Servers'],
  ] as const
  for (const [link, heading] of pages) {
    await app.getByRole('link', { name: new RegExp(`^${link}`) }).click()
    await app.getByRole('heading', { level: 1, name: new RegExp(heading) }).waitFor()
    await look(app, `15-${link.toLowerCase().replace(' ', '-')}`)
  }
  await app.getByRole('row').filter({ hasText: 'files' }).click()
  await app.getByRole('heading', { level: 1, name: /files/ }).waitFor()
  await look(app, '16-server')
})
