import { expect, test } from 'vitest'
import { appHost } from '../fakes/app-host.ts'
import { authorizationServer, protectedServer } from '../fakes/authorization-server.ts'
import { expectAccessible, look, opened, testBrowser } from '../fakes/browser.ts'
import { simplePolicy } from '../fakes/gateway.ts'

const pin = '739154'
const browser = testBrowser()
const host = appHost(simplePolicy())

test('a server that wants a sign-in is signed in to from its page, by the browser that a person has', {
  timeout: 180_000,
}, async () => {
  const issuer = await authorizationServer({ scopes: ['notes:read'] })
  const server = await protectedServer(() => issuer, { scopes: ['notes:read'] })
  const app = await browser.newPage()
  await app.goto(await host.start())
  const context = app.context()
  const first = await opened(context, () => app.getByRole('button', { name: 'Choose a PIN' }).click())
  await first.getByLabel('PIN', { exact: true }).waitFor()
  await first.keyboard.type(pin)
  await first.keyboard.press('Tab')
  await first.keyboard.type(pin)
  await first.keyboard.press('Enter')
  await first
    .getByText(/nothing waits/i)
    .first()
    .waitFor()
  await first.close()

  await app.getByText('You chose a PIN').waitFor()
  await app.goto(`${new URL(app.url()).origin}/#/servers/+`)
  await app.getByLabel('Name', { exact: true }).fill('cloud')
  await app.getByLabel('Where it runs').selectOption('http')
  await app.getByLabel('URL', { exact: true }).fill(server.url)
  await app.getByRole('button', { name: 'Add server' }).click()
  await app.goto(`${new URL(app.url()).origin}/#/servers/cloud`)
  const section = app.getByRole('region', { name: 'Sign-in' })
  await section.getByText('Signed out').waitFor()
  await expectAccessible(app)

  const page = await opened(context, () => section.getByRole('button', { name: /Sign in/ }).click())
  await page.getByLabel('PIN', { exact: true }).fill(pin)
  await page.keyboard.press('Enter')
  await page
    .getByRole('button', { name: /ask it for its tools|tools/i })
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText(/Open this address in your browser|Go on in the browser/).waitFor()
  await section.getByText('Waiting').waitFor()
  await look(page, 'sign-in-waiting')
  await expectAccessible(page)
  const link = page.getByRole('link', { name: /Open the sign-in page/ })
  expect(await link.getAttribute('rel')).toContain('noopener')
  const elsewhere = await opened(context, () => link.click())
  await elsewhere.getByText('You can close this page').waitFor()
  expect(await elsewhere.evaluate('window.opener')).toBeNull()
  await elsewhere.close()

  await page.getByText('Signed in', { exact: true }).first().waitFor()
  await section.getByText('notes:read').waitFor()
  await look(app, 'signed-in')
  await look(page, 'sign-in-done')
  await expectAccessible(app)
  const said = `${await app.content()}${await page.content()}`
  for (const token of [...issuer.tokens(), ...issuer.refreshTokens()]) expect(said).not.toContain(token)

  await page.getByRole('button', { name: 'Sign out' }).click()
  await section.getByText('Signed out').waitFor()
  expect(issuer.of('revoke')).toHaveLength(2)

  await page.getByText('Sign in with a client that you registered yourself').click()
  await page.getByLabel('Client ID').fill('ours')
  await page.getByLabel('Client secret').fill('between-us')
  await page.getByRole('button', { name: 'Keep this client' }).click()
  const redirect = page.getByText(/^http:\/\/127\.0\.0\.1:\d+\/callback\//)
  await redirect.waitFor()
  issuer.clients.set('ours', {
    ...{ secret: 'between-us', method: 'client_secret_basic', redirects: [(await redirect.textContent()) ?? ''] },
  })
  expect(await page.getByLabel('Client secret').inputValue()).toBe('')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  const again = await opened(context, () => page.getByRole('link', { name: /Open the sign-in page/ }).click())
  await again.getByText('You can close this page').waitFor()
  await page.getByText('Signed in', { exact: true }).first().waitFor()
  expect(issuer.of('register')).toHaveLength(1)
})
