import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { focused, look, opened, press, tabTo, testBrowser } from '../fakes/browser.ts'
import { pin, readyHost } from '../fakes/ready-host.ts'

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

/** Puts `now` where `before` stands in the text of the editor, by typing. */
async function retype(page: Page, before: string, now: string): Promise<void> {
  const editor = await editorIn(page)
  await editor.getByText(before, { exact: true }).first().dblclick()
  await page.keyboard.type(now)
  // What could be written there lies over the page.
  await page.keyboard.press('Escape')
}

/** Answers the dialog that asks for a reason. */
async function giveReason(page: Page, title: string | RegExp, reason: string, button: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title })
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason)
  await dialog.getByRole('button', { name: button, exact: true }).click()
}

test('a draft that tightens is in force once it is saved, and a call that ran is refused', async () => {
  const client = await host.greeted()
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect((await client.call('leak_read')).outcome).toBe('ok')
  const page = await appAt('/policies/edit/rules.yaml')
  await retype(page, 'ALLOW', 'DENY')
  const tightens = page.getByRole('region', { name: 'Tightens' })
  await tightens.getByText(/reads/).waitFor()
  await page
    .getByText(/^Of 2: 2 now denied/)
    .first()
    .waitFor()
  await look(page, '41-draft-that-tightens')
  expect((await client.call('read_note')).outcome).toBe('ok')

  await page.keyboard.press('Control+s')
  const dialog = page.getByRole('dialog', { name: 'Save rules.yaml' })
  await dialog.getByText('removed: ').first().waitFor({ state: 'attached' })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText(/a change needs a reason/).waitFor()
  await look(page, '42-save')
  await giveReason(page, 'Save rules.yaml', 'reads are stopped while we look', 'Save')
  await page.getByText('rules.yaml is saved', { exact: true }).waitFor()
  expect(readFileSync(file(), 'utf8')).toBe(lenient.replace('decision: ALLOW', 'decision: DENY'))
  expect((await client.call('read_note')).outcome).toBe('POLICY_DENIED')
})

test('trying a call shows which rules decide it and why, under the policy in force and under a draft', async () => {
  const page = await appAt('/activity')
  await page.getByRole('row').filter({ hasText: 'leak_read' }).first().click()
  await page.getByRole('link', { name: 'Try against the policy' }).click()
  const decision = page.getByRole('region', { name: 'Decision' })
  await decision.getByText('Line 3 of the order decides:').waitFor()
  await decision.getByText('decided otherwise').waitFor()
  const rules = page.getByRole('list', { name: 'Rules' }).getByRole('listitem')
  const deciding = rules.filter({ hasText: 'decides' }).first()
  expect(await deciding.getByRole('link').textContent()).toBe('reads')
  await deciding.getByText('Without this rule').waitFor()
  const other = rules.filter({ hasText: 'does not match' }).first()
  expect(await other.textContent()).toMatch(/action write or destructive, the call has read/)
  await look(page, '43-try-a-call')

  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await retype(page, 'DENY', 'REQUIRE_APPROVAL')
  await page.getByRole('link', { name: /^Edit 1 not saved/ }).waitFor()
  await page.getByRole('link', { name: 'Try it' }).click()
  await page.getByRole('searchbox', { name: 'Find a call' }).fill('leak')
  const found = page.getByRole('list', { name: 'Recorded calls' }).getByRole('link')
  await found.first().click()
  expect(await page.getByLabel('Policy', { exact: true }).inputValue()).toBe('draft')
  await decision.getByText('Ask, level 1').waitFor()
  expect(await decision.textContent()).toMatch(/The policy in forceDenyYour draftAsk, level 1/)
  await look(page, '44-try-under-a-draft')
})

test('a replay counts what a draft would change, and names the calls', async () => {
  const page = await appAt('/policies/edit')
  await retype(page, 'DENY', 'ALLOW')
  await page.getByRole('region', { name: 'Loosens' }).waitFor()
  await page.getByRole('link', { name: 'Which calls, and further back' }).click()
  const figures = page.getByRole('region', { name: 'What the calls would come to' })
  const figure = (words: string) =>
    figures
      .locator('div', { has: page.getByText(words, { exact: true }) })
      .locator('dd')
      .last()
  await figures.getByText('now allowed').waitFor()
  const denied = await page.getByRole('row').filter({ hasText: 'Deny' }).count()
  expect(denied).toBe(1)
  expect(await figure('now allowed').textContent()).toBe('1')
  expect(await figure('now denied').textContent()).toBe('0')
  await look(page, '45-replay')
  await page
    .getByRole('row')
    .filter({ hasText: 'read_note' })
    .getByRole('link', { name: /read_note/ })
    .click()
  await page.getByText('Line 5 of the order decides:').waitFor()
})

test('a draft that loosens waits until a person has confirmed it elsewhere', async () => {
  const client = await host.greeted()
  const page = await appAt('/policies/edit')
  await retype(page, 'DENY', 'ALLOW')
  await page.getByRole('region', { name: 'Loosens' }).waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await giveReason(page, 'Save rules.yaml', 'we have looked', 'Save')
  await page.getByRole('dialog', { name: 'rules.yaml is saved' }).waitFor()
  await look(page, '46-saved-and-waits')
  expect((await client.call('read_note')).outcome).toBe('POLICY_DENIED')

  const approval = await opened(page.context(), () => page.getByRole('button', { name: 'Compare and confirm' }).click())
  await approval.getByLabel('PIN', { exact: true }).fill(pin)
  await approval.keyboard.press('Enter')
  await approval.getByRole('button', { name: 'Put into force' }).click()
  await approval.getByText('The new policy is in force').waitFor()
  await page.getByRole('button', { name: 'Later' }).click()
  await page.getByRole('region', { name: 'Waiting policy' }).waitFor({ state: 'detached' })
  expect((await client.call('read_note')).outcome).toBe('ok')
})

test('history tells who changed what and why, and a former policy is rolled back to', async () => {
  const client = await host.greeted()
  const page = await appAt('/policies/history')
  const past = page.getByRole('list').filter({ hasText: 'In force' }).getByRole('listitem')
  await past.nth(2).waitFor()
  expect(await past.count()).toBe(3)
  await page
    .getByText(/We have looked/)
    .first()
    .waitFor()
  await page.getByRole('region', { name: 'Loosens' }).waitFor()
  await past.nth(1).getByRole('link').click()
  await page.getByRole('region', { name: 'Tightens' }).waitFor()
  await page.getByRole('figure', { name: /rules\.yaml/ }).waitFor()
  await look(page, '47-history')
  await page.getByRole('button', { name: 'Roll back to it' }).click()
  await page.getByRole('dialog').getByRole('region', { name: 'Tightens' }).waitFor()
  await look(page, '48-roll-back')
  await giveReason(page, /^Roll back/, 'something was wrong with reads', 'Roll back')
  await page.getByText(/^Rolled back to policy/).waitFor()
  await past
    .first()
    .getByText(/Something was wrong with reads/)
    .waitFor()
  expect((await client.call('read_note')).outcome).toBe('POLICY_DENIED')
})

test('suggested rules are shown with their calls and become a draft', async () => {
  const page = await appAt('/policies/suggestions')
  const rules = page.getByRole('list', { name: 'Suggested rules' })
  await rules.getByText('seen-notes-read-allow').waitFor()
  await rules
    .getByRole('link', { name: /read_note/ })
    .first()
    .waitFor()
  await look(page, '49-suggestions')
  await page.getByRole('button', { name: 'Add one rule to a draft' }).click()
  const editor = page.getByRole('textbox', { name: 'Text of suggested.yaml' })
  await editor.getByText('seen-notes-read-allow').waitFor()
  await page
    .getByRole('region', { name: 'What your draft changes' })
    .getByText(/seen-notes-read-allow/)
    .first()
    .waitFor()
  await look(page, '50-suggested-draft')
})

test('the editor is used with the keyboard alone: completion, and a way out of it', async () => {
  const page = await appAt('/policies/edit')
  await editorIn(page)
  await tabTo(page, /textbox "Text of rules.yaml"/)
  await page.keyboard.press('Control+End')
  await page.keyboard.type('  - id: new')
  await page.keyboard.press('Enter')
  await page.keyboard.type('dec')
  await page.getByRole('option', { name: 'decision' }).waitFor()
  await look(page, '51-completion')
  await press(page, 'ArrowDown', 'ArrowUp', 'Enter')
  await page.getByRole('option', { name: 'REQUIRE_APPROVAL' }).waitFor()
  await page.keyboard.type('DENY')
  await page.getByRole('option', { name: 'REQUIRE_APPROVAL' }).waitFor({ state: 'detached' })
  await press(page, 'Escape', 'Enter')
  await page.keyboard.type('when: tool.nam == "read_note"')
  await page.getByRole('button', { name: /^rules.yaml:14:/ }).waitFor()
  // Tab leaves the editor, and a mistake leads back into it, to its character.
  await page.keyboard.press('Tab')
  expect(await focused(page)).toMatch(/^button "rules.yaml:14:/)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+ArrowRight')
  await page.keyboard.type('e')
  await page
    .getByRole('region', { name: 'Tightens' })
    .getByText(/is new: denies/)
    .waitFor()
})
