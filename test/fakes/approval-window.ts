import type { Page } from 'playwright-core'
import { opened } from './browser.ts'
import type { PageClient } from './page-client.ts'

/** The approval page of an app in a window of its size, in the browser of `page`, with a PIN just typed into it. */
export async function approvalWindow(app: PageClient, page: Page, pin: string): Promise<Page> {
  const { url } = await app.call('approvals.open', { at: '/' })
  const approval = await opened(page.context(), async () => void (await page.context().newPage()))
  await approval.goto(url ?? '')
  await approval.getByLabel('PIN', { exact: true }).fill(pin)
  await approval.keyboard.press('Enter')
  return approval
}
