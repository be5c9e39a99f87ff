import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { appHost } from '../fakes/app-host.ts'
import { look, opened, testBrowser } from '../fakes/browser.ts'
import { packageFile } from '../fakes/product.ts'

const pin = '739154'
const browser = testBrowser()
const host = appHost()

/** Opens the approval page by a button of the app, and unlocks it. */
async function unlocked(app: Page, button: string): Promise<Page> {
  const page = await opened(app.context(), () => app.getByRole('button', { name: button }).click())
  await page.getByLabel('PIN', { exact: true }).fill(pin)
  await page.keyboard.press('Enter')
  await page.getByText('Unlocked').waitFor()
  return page
}

test('who has an AI client on the machine is led from it to a first governed call, watched first', {
  timeout: 180_000,
}, async () => {
  const file = join(host.home, '.cursor', 'mcp.json')
  mkdirSync(join(host.home, '.cursor'))
  writeFileSync(join(host.workspace, 'hello.txt'), 'hello')
  const server = packageFile('@modelcontextprotocol/server-filesystem', 'dist/index.js')
  writeFileSync(
    file,
    JSON.stringify({ mcpServers: { files: { command: process.execPath, args: [server, host.workspace] } } }),
  )
  const app = await browser.newPage()
  await app.goto(await host.start())

  const approval = await opened(app.context(), () => app.getByRole('button', { name: 'Choose a PIN' }).click())
  await approval.getByLabel('PIN', { exact: true }).fill(pin)
  await approval.keyboard.press('Tab')
  await approval.keyboard.type(pin)
  await approval.keyboard.press('Enter')
  await approval
    .getByText(/nothing waits/i)
    .first()
    .waitFor()

  await app.getByText('one server').waitFor()
  await look(app, '70-first-run-found')
  const connect = await unlocked(app, 'See what would change')
  await connect.getByRole('button', { name: 'Connect Cursor' }).click()
  await connect.getByRole('heading', { name: 'Connected', exact: true }).waitFor()
  await connect.getByRole('button', { name: 'Review files' }).click()
  await connect.getByRole('button', { name: 'Run it once to see its tools' }).click()
  await connect.getByRole('button', { name: /Approve \d+ tools/ }).click({ timeout: 30_000 })
  await connect.getByText(/files is approved/).waitFor()
  await connect.close()

  await app.getByText('A client is connected').waitFor()
  await app.getByText('A server is approved').waitFor()
  await look(app, '71-first-run-observe')
  const observe = await unlocked(app, 'Observe for a week')
  await observe.getByRole('button', { name: 'Turn observe mode on' }).click()
  await app.getByText('Observe mode is on.').waitFor()
  await observe.close()

  // What now stands in the client's file is what the client starts.
  const { mcpServers } = JSON.parse(readFileSync(file, 'utf8')) as { mcpServers: { files: { args: string[] } } }
  const [, , ...options] = mcpServers.files.args
  const client = host.connect('files', options.slice(options.indexOf('--entry')))
  await client.initialize()
  // The starter policy would ask about this; watched, it runs.
  const path = join(host.workspace, 'notes.md')
  expect((await client.call('write_file', { path, content: 'x' })).outcome).toBe('ok')
  await app.evaluate("location.hash = '#/start'")
  await app.getByText('Calls are decided').waitFor()
  await look(app, '72-first-run-done')
})
