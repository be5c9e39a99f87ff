import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import { expectAccessible, longestWork, testBrowser } from '../fakes/browser.ts'
import { allowOnce, openQueue } from '../fakes/held-queue.ts'
import { scrollToEnd } from '../fakes/in-page.mjs'
import { HostRefusal } from '../fakes/page-host.ts'
import { heldCall } from '../fakes/page-samples.ts'

const browser = testBrowser()

/** Longer than any test waits: what is armed only then is not armed. */
const never = 600_000

/** What the browser tells a page whose tab goes to the back or comes to the front. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })`)
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
}

describe('nothing is armed that nobody has seen', () => {
  test('a page that comes to the front shows its request anew, and only then it arms', async () => {
    const { queue, page } = await openQueue(browser, [heldCall('a')])
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    queue.armingMs = [0, never, 0]
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect.poll(() => queue.shows.length).toBe(2)
    expect(await allowOnce(page).isEnabled()).toBe(false)
    await page.keyboard.press('Control+Enter')
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await allowOnce(page).click()
    await expect.poll(() => queue.answers).toMatchObject([{ answer: 'approve', ticket: 'ticket 3' }])
  })

  test('a page that is out of sight says of nothing that it was shown', async () => {
    const { queue, host, page } = await openQueue(browser, [heldCall('a')])
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await hide(page, true)
    expect(await allowOnce(page).isEnabled()).toBe(false)
    queue.waiting = [{ ...heldCall('a'), shown_hash: 'b'.repeat(64), why: 'another reason' }, heldCall('b')]
    host.tell({ changed: ['approvals'] })
    await page.getByText('Request 1 of 2').waitFor()
    expect(queue.shows).toHaveLength(1)
    await hide(page, false)
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    expect(queue.shows).toHaveLength(2)
    await page.getByText('This changed while it was on screen').waitFor()
  })

  test('in the desktop app the window tells: hidden nothing is shown, and brought forward everything is shown anew', async () => {
    const { queue, page } = await openQueue(browser, [heldCall('a')], {}, { desktop: true })
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await page.evaluate('hear(\'{"sight":false}\')')
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(false)
    queue.armingMs = [0, never]
    await page.evaluate('hear(\'{"sight":true}\')')
    await expect.poll(() => queue.shows.length).toBe(2)
    expect(await allowOnce(page).isEnabled()).toBe(false)
    await page.evaluate('hear(\'{"sight":true}\')')
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    expect(queue.shows).toHaveLength(3)
  })
})

describe('Esc denies', () => {
  test('while a tooltip is open', async () => {
    const { queue, page } = await openQueue(browser, [heldCall('a')])
    await page.getByText(/^verified/).hover()
    await page.getByRole('tooltip').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => queue.answers).toMatchObject([{ id: 'a', answer: 'deny' }])
  })

  test('but not while a menu is open or a reason is typed: there it leads back', async () => {
    const { queue, page } = await openQueue(browser, [heldCall('a')])
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await page.getByRole('button', { name: 'Approvals: go elsewhere' }).click()
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })

    const why = page.getByLabel('Why not')
    for (const elsewhere of [false, true]) {
      await page.getByRole('button', { name: 'Deny and tell why' }).click()
      await why.fill('not today')
      if (elsewhere) await page.getByRole('heading', { level: 2 }).click()
      await page.keyboard.press('Escape')
      await why.waitFor({ state: 'detached' })
    }
    expect(queue.answers).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => queue.answers).toMatchObject([{ answer: 'deny', reason: '' }])
  })
})

describe('an answer that failed', () => {
  const refusal = (code: string) => new HostRefusal(code, 'it was not taken', 'look at it again')

  test('because the request had ended says so, and goes on', async () => {
    const answer = Promise.withResolvers<never>()
    const { queue, host, page } = await openQueue(browser, [heldCall('a'), heldCall('b')], {
      'approvals.answer': () => answer.promise,
    })
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => host.asked).toContain('approvals.answer')
    queue.waiting = queue.waiting.filter(({ id }) => id === 'b')
    host.tell({ changed: ['approvals'] })
    await page.getByText('Request 1 of 2').waitFor()
    answer.reject(refusal('APPROVAL_EXPIRED'))
    await page.getByText('Nobody answered in time, so it was denied.').waitFor()
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(() => queue.shows.at(-1)).toBe('b')
  })

  test('after the person had gone on is told, and leads back', async () => {
    const answer = Promise.withResolvers<never>()
    const { queue, host, page } = await openQueue(browser, [heldCall('a'), heldCall('b')], {
      'approvals.answer': () => answer.promise,
    })
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => host.asked).toContain('approvals.answer')
    await page.keyboard.press('ArrowDown')
    await page.getByText('Request 2 of 2').waitFor()
    answer.reject(refusal('AUDIT_UNWRITABLE'))
    const told = page.getByRole('region', { name: 'An answer that failed' })
    await told.getByText('You did not deny this:').waitFor()
    await told.getByText('it was not taken').waitFor()
    await expectAccessible(page)
    await told.getByRole('button', { name: 'Show it' }).click()
    await page.getByText('Request 1 of 2').waitFor()
    await expect.poll(() => queue.shows).toEqual(['a', 'b', 'a'])
    expect(await told.count()).toBe(0)
  })

  test('so is a denial that came before its request was shown in full', async () => {
    const never = Promise.withResolvers<never>()
    const { page } = await openQueue(browser, [heldCall('a'), heldCall('b')], { 'approvals.show': () => never.promise })
    await page.getByRole('button', { name: 'Deny', exact: false }).first().waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('ArrowDown')
    await page.getByText('it left the screen before it was shown in full').waitFor()
  })
})

describe('an approval of level 4 in the desktop app', () => {
  const grave = { ...heldCall('a'), level: 4 }
  const why = (page: Page) => page.getByLabel('Why this is all right')

  test('asks for the PIN where the system knows nobody, and leads to choosing one first', async () => {
    const presence = { present: true, enrolled: false, lost: false, proof: 'pin' as const }
    const { queue, page } = await openQueue(
      browser,
      [grave],
      {
        'presence.state': () => presence,
        'presence.enroll': () => {
          presence.enrolled = true
          return {}
        },
      },
      { desktop: true },
    )
    await expect.poll(() => queue.shows).toEqual(['a'])
    await page.getByRole('button', { name: 'Choose a PIN' }).click()
    await page.getByText(/This window asks for it for each call of level 4/).waitFor()
    await page.getByRole('textbox', { name: 'PIN', exact: true }).fill('739154')
    await page.getByLabel('The same again').fill('739154')
    await page.getByRole('button', { name: 'Choose this PIN' }).click()
    await page.getByText('The new PIN counts from now on.').waitFor()
    await page.getByRole('button', { name: 'Answer' }).click()
    await why(page).fill('checked')
    await page.getByLabel('Your PIN, again').fill('739154')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => queue.answers).toMatchObject([{ answer: 'approve', reason: 'checked', pin: '739154' }])
  })

  test('asks for no PIN where the system knows the person', async () => {
    const presence = { present: true, enrolled: true, lost: false, proof: 'platform' as const }
    const { queue, page } = await openQueue(browser, [grave], { 'presence.state': () => presence }, { desktop: true })
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    expect(await page.getByLabel('Your PIN, again').count()).toBe(0)
    await why(page).fill('checked')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => queue.answers.length).toBe(1)
    expect(queue.answers[0]).not.toHaveProperty('pin')
  })
})

describe('arguments that are very long', () => {
  const carrying = (args: object): ApprovalView => ({ ...heldCall('a'), arguments: JSON.stringify(args) })
  const hostile: [what: string, args: object, last: RegExp][] = [
    ['many lines', { path: '/a', content: `${'\n'.repeat(90_000)}the end` }, /the end/],
    ['one line', { path: '/a', content: `${'x '.repeat(400_000)}the end` }, /the end/],
    ['hidden characters', { path: '/a', content: `${'\u200b'.repeat(300_000)}the end` }, /the end/],
    ['many values', { path: '/a', list: [...Array(90_000).keys(), 'the end'] }, /the end/],
    ['many members', Object.fromEntries([...Array(60_000).keys()].map((at) => [`name ${at}`, at])), /"name 59999"/],
    ['edits', { old_string: 'a\n'.repeat(40_000), new_string: `${'b\n'.repeat(40_000)}the end` }, /the end/],
    ['a path', { path: '/a'.repeat(300_000), note: 'the end' }, /the end/],
    ['a shell command', { command: `echo ${'; '.repeat(200_000)}the end` }, /the end/],
  ]

  test.each(hostile)('are drawn as far as they are in sight, and reached to the end: %s', async (_what, args, last) => {
    const { queue, page } = await openQueue(browser, [carrying(args), heldCall('b')])
    await page.getByText('Request 1 of 2').waitFor()
    // The page works: it answers keys while the longest is on screen, and little of it exists at once.
    await expect.poll(() => queue.shows).toEqual(['a'])
    const work = await longestWork(page, async () => {
      await page.keyboard.press('d')
      await page.getByText('Level', { exact: true }).waitFor()
      await page.keyboard.press('d')
    })
    expect(work).toBeLessThan(1_500)
    expect(await page.locator('main *').count()).toBeLessThan(30_000)
    const scroller = page.getByRole('region', { name: 'Arguments' })
    await expect
      .poll(
        async () => {
          await scroller.evaluate(scrollToEnd)
          return scroller.getByText(last).last().isVisible()
        },
        { timeout: 30_000 },
      )
      .toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => queue.answers).toMatchObject([{ id: 'a', answer: 'deny' }])
  })
})

test('a request that cannot be drawn says so, cannot be allowed, and keeps no other from being answered', async () => {
  const broken = { ...heldCall('a'), expires_at: 'never' }
  const { queue, page } = await openQueue(browser, [broken, heldCall('b')], {}, { allow: [/RangeError|Invalid time/] })
  await page.getByText('This request cannot be shown').waitFor()
  expect(await allowOnce(page).count()).toBe(0)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Next request' }).click()
  await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
  await allowOnce(page).click()
  await expect.poll(() => queue.answers).toMatchObject([{ id: 'b', answer: 'approve' }])
})

test('a page that the desktop app cut off says so, and hears nothing more', async () => {
  const { queue, page } = await openQueue(browser, [heldCall('a')], {}, { desktop: true })
  await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
  const refusal = {
    ok: false,
    code: 'NOT_SIGNED_IN',
    message: 'the gateway cut it off',
    hint: 'close it, open it again',
  }
  await page.evaluate(`hear(${JSON.stringify(JSON.stringify(refusal))})`)
  await page.getByText('the gateway cut it off').waitFor()
  await page.keyboard.press('Escape')
  expect(queue.answers).toEqual([])
})
