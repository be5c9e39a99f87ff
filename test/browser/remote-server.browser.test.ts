import { expect, test } from 'vitest'
import { appHost } from '../fakes/app-host.ts'
import { expectAccessible, screenshot, testBrowser } from '../fakes/browser.ts'
import { sdkServer } from '../fakes/remote-server.ts'

const pin = '739154'
const browser = testBrowser()
const host = appHost(`version: v1
rules:
  - id: reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
`)

test('a server with a URL is added in the app and reviewed at the approval page, its header never shown', {
  timeout: 120_000,
}, async () => {
  const { url } = await sdkServer('sdk-v1-http-server', 'guarded')
  const app = await browser.newPage()
  await app.goto(await host.start())
  const context = app.context()
  const opened = async (name: string) => {
    const [page] = await Promise.all([context.waitForEvent('page'), app.getByRole('button', { name }).first().click()])
    return page
  }
  const approval = await opened('Choose a PIN')
  await approval.getByLabel('PIN', { exact: true }).waitFor()
  await approval.keyboard.type(pin)
  await approval.keyboard.press('Tab')
  await approval.keyboard.type(pin)
  await approval.keyboard.press('Enter')
  await app.getByText('You chose a PIN').waitFor()

  await app.evaluate("location.hash = '#/servers'")
  await app
    .getByRole('button', { name: /Add (a )?server/ })
    .first()
    .click()
  await app.getByLabel('Name', { exact: true }).fill('times')
  await app.getByLabel('Where it runs').selectOption({ label: 'Anywhere, at a URL' })
  await app.getByLabel('URL', { exact: true }).fill('http://mcp.test/mcp')
  const submit = app.getByRole('button', { name: 'Add server', exact: true }).last()
  await submit.click()
  await app.getByText('without encryption').first().waitFor()
  await app.getByLabel('URL', { exact: true }).fill(url)
  await app.getByText('without encryption').first().waitFor({ state: 'detached' })
  await app.getByRole('button', { name: 'Add a header' }).click()
  await app.getByLabel('Name of header 1').fill('Authorization')
  await app.getByLabel('Value of header 1').fill('Bearer let-me-in')
  await screenshot(app, 'remote-01-add')
  await expectAccessible(app)
  await submit.click()

  await app.getByText('Where it is reached').waitFor()
  await app.getByText('Authorization', { exact: true }).waitFor()
  await screenshot(app, 'remote-02-server')
  await expectAccessible(app)
  const review = await opened('Review')
  await review.getByLabel('PIN', { exact: true }).fill(pin)
  await review.keyboard.press('Enter')
  await review.getByText(url).waitFor()
  await review.getByText('this machine').waitFor()
  await screenshot(review, 'remote-03-before')
  await expectAccessible(review)
  await review.getByRole('button', { name: 'Ask it once for its tools' }).click()
  await review.getByRole('button', { name: /Approve \d+ tools/ }).click()
  await review.getByText(/times is approved: \d+ tools/).waitFor()
  for (const page of [app, review]) expect(await page.content()).not.toContain('let-me-in')
})
