import { expect, test } from 'vitest'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { allowOnce, openQueue } from '../fakes/held-queue.ts'
import { HostRefusal } from '../fakes/page-host.ts'
import { heldCall } from '../fakes/page-samples.ts'

const browser = testBrowser()
const changed = '{"path":"/home/ana/projects/ledger/README.md","content":"# Ledger, for real\\n"}'

test.each(['light', 'dark'] as const)(
  'arguments are changed by keyboard, seen beside what was asked for, and allowed (%s)',
  async (theme) => {
    const { queue, page } = await openQueue(browser, [heldCall('a')], {}, { theme })
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await page.keyboard.press('e')
    const field = page.getByLabel('Arguments, as JSON')
    await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toBe('Arguments, as JSON')
    await page.getByText('Nothing is changed yet.').waitFor()
    await field.fill('{"path": ')
    await page.getByText('This is not JSON yet').waitFor()
    expect(await allowOnce(page).isEnabled()).toBe(false)
    await page.keyboard.press('Control+Enter')
    await expectAccessible(page)
    await screenshot(page, `edit-no-json-${theme}`)
    await field.fill(changed)
    await page.getByText('will run').waitFor()
    await expectAccessible(page)
    await screenshot(page, `edit-changed-${theme}`)
    await page.getByRole('button', { name: 'Allow as edited' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('Allowed as you edited it:').waitFor()
    expect(queue.answers).toMatchObject([{ answer: 'approve', edited: changed, reason: '' }])
  },
)

test('the same arguments in another spelling are no change, and Esc leads back before it denies', async () => {
  const { queue, page } = await openQueue(browser, [heldCall('a')])
  await page.getByRole('button', { name: /^Edit/ }).click()
  await page.getByLabel('Arguments, as JSON').fill(heldCall('a').arguments.replaceAll(',', ' ,  '))
  await page.getByText('Nothing is changed yet.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Edit/ }).waitFor()
  expect(queue.answers).toEqual([])
  await page.keyboard.press('e')
  await page.getByLabel('Arguments, as JSON').fill(heldCall('a').arguments)
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => queue.answers.length).toBe(1)
  expect(queue.answers[0]).not.toHaveProperty('edited')
})

test.each(['light', 'dark'] as const)(
  'what policy refuses is said where it was typed, and nothing is lost (%s)',
  async (theme) => {
    const refuse = () => {
      throw new HostRefusal(
        'EDIT_REFUSED',
        'the call cannot be allowed with these arguments: `/path` must be string',
        'change them, allow the call as it was asked for, or deny it',
      )
    }
    const { page } = await openQueue(browser, [heldCall('a')], { 'approvals.answer': refuse }, { theme })
    await page.getByRole('button', { name: /^Edit/ }).waitFor()
    await page.keyboard.press('e')
    const field = page.getByLabel('Arguments, as JSON')
    await field.fill('{"path": 7}')
    await page.getByRole('button', { name: 'Allow as edited' }).click()
    await page.getByText('It cannot run like this').waitFor()
    expect(await field.inputValue()).toBe('{"path": 7}')
    await expectAccessible(page)
    await screenshot(page, `edit-refused-${theme}`)
  },
)

test('what cannot be seen is written as an escape, as it comes and as it is typed', async () => {
  const call = { ...heldCall('a'), arguments: '{"text":"a\u202eb"}' }
  const { queue, page } = await openQueue(browser, [call])
  await page.getByRole('button', { name: /^Edit/ }).click()
  const field = page.getByLabel('Arguments, as JSON')
  expect(await field.inputValue()).toBe('{\n  "text": "a\\u202eb"\n}')
  await page.getByText('Nothing is changed yet.').waitFor()
  await field.fill('{"text":"\u2066x\u{1f642}"}')
  expect(await field.inputValue()).toBe('{"text":"\\u2066x\u{1f642}"}')
  await page.getByRole('button', { name: 'Allow as edited' }).click()
  await expect.poll(() => queue.answers).toMatchObject([{ edited: '{"text":"\\u2066x\u{1f642}"}' }])
})

test('where it cannot be changed nothing offers to', async () => {
  const { page } = await openQueue(browser, [{ ...heldCall('a'), editable: false }])
  await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
  expect(await page.getByRole('button', { name: /^Edit/ }).count()).toBe(0)
  await page.keyboard.press('e')
  expect(await page.getByLabel('Arguments, as JSON').count()).toBe(0)
})
