import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { testBrowser } from '../fakes/browser.ts'
import { until } from '../fakes/processes.ts'

const browser = testBrowser()
const patienceMs = 120_000

/** The demo that waits for its viewer, as `npm run demo -- --pause` runs it. */
function pausedDemo(): { said: () => string; code: Promise<number | null> } {
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'demo.mjs')
  const child = spawn('node', [script, '--pause'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  onTestFinished(() => void child.kill('SIGINT'))
  return { said: () => text, code: new Promise((resolve) => child.once('close', resolve)) }
}

test('the call that the demo holds is answered in the app, by its link and PIN', { timeout: patienceMs }, async () => {
  const demo = pausedDemo()
  await until('the demo waits for its viewer', () => demo.said().includes('waits for you;'), patienceMs)
  const [link = ''] = /http:\/\/127\.0\.0\.1:\d+\/#sign-in=\S+/.exec(demo.said()) ?? []
  const [, pin = ''] = /The PIN is (\d+)/.exec(demo.said()) ?? []

  // The demo ends, and its gateway with it, while its pages are still open.
  const app = await browser.newPage({ allow: [/ERR_CONNECTION_REFUSED/] })
  await app.goto(link)
  await app.getByRole('link', { name: /^Approvals/ }).click()
  await app.getByText('demo-client').first().waitFor()
  const [approval] = await Promise.all([
    app.context().waitForEvent('page'),
    app
      .getByRole('main')
      .getByRole('button', { name: /Answer/ })
      .click(),
  ])
  await approval.getByLabel('PIN', { exact: true }).fill(pin)
  await approval.keyboard.press('Enter')
  await approval.getByText('poems').first().waitFor()
  // What has just appeared cannot be allowed yet.
  await approval.getByRole('button', { name: /Allow once/, disabled: false }).waitFor()
  await approval.keyboard.press('Control+Enter')

  expect({ code: await demo.code, said: demo.said() }).toMatchObject({ code: 0 })
  expect(demo.said()).toMatch(/approved[\s\S]*verified/)
})
