import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { look, testBrowser } from '../fakes/browser.ts'
import { readyHost } from '../fakes/ready-host.ts'

const lenient = `version: v1
rules:
  - id: reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
  - id: changes-ask
    match:
      labels:
        mcp.action: [write, destructive]
    decision: REQUIRE_APPROVAL
    level: 1
`
const browser = testBrowser()
const host = readyHost(lenient)
const file = () => join(host.profile, 'policy', 'rules.yaml')
beforeAll(() => host.ready())

/** The app at a place, signed in. */
async function appAt(place: string): Promise<Page> {
  const page = await browser.newPage()
  await host.letIn(page, place)
  return page
}

/** The editor, once it is there. */
async function editorIn(page: Page) {
  const editor = page.getByRole('textbox', { name: 'Text of rules.yaml' })
  await editor.waitFor()
  return editor
}

test('a mistake is underlined at its place, and is not written', async () => {
  const page = await appAt('/policies/edit')
  const editor = await editorIn(page)
  await editor.getByText('ALLOW', { exact: true }).click()
  await page.keyboard.press('End')
  await page.keyboard.type('ED')
  await page.getByText('One mistake').waitFor()
  const mark = editor.locator('.cm-lintRange-error')
  await mark.waitFor()
  expect(await mark.textContent()).toBe('ALLOWED')
  expect(await page.getByRole('button', { name: 'rules.yaml:5:15' }).count()).toBe(1)
  await look(page, '40-mistake-in-the-editor')
  expect(readFileSync(file(), 'utf8')).toBe(lenient)
})
