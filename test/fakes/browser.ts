import { type Browser, chromium } from 'playwright-core'
import { onTestFinished } from 'vitest'

/** The Chromium that tests drive: the one that CHROME_PATH names, else the system's. Ends with the test. */
export async function testBrowser(): Promise<Browser> {
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  return browser
}

/** The same, for whoever closes it themselves. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROME_PATH ?? '/usr/bin/chromium'
  // Chromium's own sandbox does not work for root, which containers and this kind of machine run as.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}
