import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from '../fakes/browser.ts'
import { startPageHost } from '../fakes/page-host.ts'
import { buildKitchenSink } from '../kitchen-sink/build.ts'

let browser: Browser
let host: Awaited<ReturnType<typeof startPageHost>>
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tg-sink-'))
  await buildKitchenSink(folder)
  browser = await launchBrowser()
  host = await startPageHost({ page: 'app', answers: {}, folder })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  rmSync(folder, { recursive: true, force: true })
})

async function show(view: '' | '#data', colorScheme: 'light' | 'dark' = 'light') {
  const viewport = { width: 1280, height: 800 }
  const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(`${host.url}index.html${view}`)
  await page.getByRole('main').waitFor()
  return { page, complaints }
}

/** `without`: rules that do not apply to what is open. */
const faults = async (page: Page, without: string[] = []) => {
  const { violations } = await new AxeBuilder({ page }).disableRules(without).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  test('every part is accessible, with menu, dialog and messages open too', async () => {
    const { page, complaints } = await show('', scheme)
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: 'Toasts' }).click()
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'Forget this server' }).waitFor()
    // An open menu has the focus, and is no part of the page that landmarks lead through.
    expect(await faults(page, ['region'])).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Large' }).click()
    await page.getByRole('dialog', { name: 'Forget this server?' }).waitFor()
    expect(await faults(page)).toEqual([])
    expect(await page.locator('style').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('tables, details, code and comparisons are accessible', async () => {
    const { page, complaints } = await show('#data', scheme)
    await page.getByRole('complementary', { name: 'Call' }).waitFor()
    expect(await faults(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})

test('ten thousand rows are a few elements, and all are reached by keyboard', async () => {
  const { page } = await show('#data')
  const grid = page.getByRole('treegrid', { name: 'Calls' })
  expect(await grid.getAttribute('aria-rowcount')).toBe('10001')
  await grid.focus()
  await page.keyboard.press('End')
  const last = page.locator('[aria-rowindex="10001"]')
  await last.waitFor()
  await expect.poll(() => grid.getAttribute('aria-activedescendant')).toBe(await last.getAttribute('id'))
  expect(await page.getByRole('row').count()).toBeLessThan(60)
  const [box, frame] = [await last.boundingBox(), await grid.boundingBox()]
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((frame?.y ?? 0) + (frame?.height ?? 0) + 1)
  await page.keyboard.press('Enter')
  await page.locator('[aria-rowindex="10001"][aria-selected="true"]').waitFor()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => grid.getAttribute('aria-activedescendant')).toMatch(/1$/)
})

test('the details close on Esc and grow by keyboard', async () => {
  const { page } = await show('#data')
  const details = page.getByRole('complementary', { name: 'Call' })
  expect((await details.boundingBox())?.width).toBe(480)
  await page.getByRole('separator').focus()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(async () => (await details.boundingBox())?.width).toBe(496)
  await page.keyboard.press('Escape')
  await details.waitFor({ state: 'detached' })
})

test('hidden characters stand out, markup is text, and copying gives the exact text', async () => {
  const { page } = await show('#data')
  const code = page.getByRole('figure', { name: 'text', exact: true })
  expect(await code.locator('mark').allTextContents()).toEqual(['\\t', '\\u{ad}', '\\u{202e}', '\\u{202c}'])
  expect(await code.locator('b').count()).toBe(0)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await code.getByRole('button').click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
    'first\tline\nse\u00adcond \u202eenil\u202c\n<b>no markup</b>',
  )
})
