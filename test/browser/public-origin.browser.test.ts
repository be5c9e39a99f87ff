import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bindAtPage } from '../fakes/access-file.ts'
import { approvalWindow } from '../fakes/approval-window.ts'
import { look, testBrowser } from '../fakes/browser.ts'
import { canMakeCertificates, selfSigned } from '../fakes/certificate.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { startLines } from '../fakes/line-process.ts'
import type { PageClient } from '../fakes/page-client.ts'
import { pin, readyHost } from '../fakes/ready-host.ts'
import { startTlsProxy, type TlsProxy } from '../fakes/tls-proxy.ts'

const name = 'tools.example.com'
const browser = testBrowser({ hosts: [name] })
const host = readyHost(simplePolicy())
const fakes = join(import.meta.dirname, '..', 'fakes')
let app: PageClient
let proxy: TlsProxy
let certFile: string
let origin: string

const run = test.skipIf(!canMakeCertificates)

beforeAll(async () => {
  if (!canMakeCertificates) return
  app = await host.ready()
  const certificate = selfSigned(name, host.folder)
  certFile = certificate.certFile
  proxy = await startTlsProxy(certificate)
  origin = `https://${name}:${proxy.port}`
  proxy.to(Number(new URL((await app.call('status', {})).http?.replace('/<server>', '') ?? '').port))
  await setOrigin(origin)
}, 60_000)
afterAll(() => proxy?.close())

/** Writes the settings of the gateway, and waits until it took them. */
async function setOrigin(to: string | null): Promise<void> {
  writeFileSync(join(host.profile, 'settings.json'), JSON.stringify({ public_origin: to }), { mode: 0o600 })
  const told = to === null ? null : `${to}/mcp/<server>`
  await vi.waitFor(async () => expect((await app.call('status', {})).http_public).toBe(told), 20_000)
}

/** An SDK client on another machine: it knows the gateway by its public name alone, and trusts its certificate. */
function sdkClient(version: string, at = `${origin}/mcp/notes`) {
  const client = startLines(
    process.execPath,
    ['--import', join(fakes, 'resolve-here.mjs'), join(fakes, 'sdk-clients', `${version}-oauth.mjs`), at],
    { NODE_EXTRA_CA_CERTS: certFile },
  )
  const ask = (command: string) => client.ask(command, /^(tools|result|failed|spoiled|kept) ?/)
  return { ...client, ask }
}

run(
  'through a proxy that ends TLS an SDK client signs in, its person and the one who answers see one code, and it is out when the origin is',
  { timeout: 180_000 },
  async () => {
    const client = sdkClient('v1')
    const page = await browser.newPage({ ignoreHTTPSErrors: true })
    page.setDefaultTimeout(20_000)
    const start = await client.line('open ')
    expect(start).toMatch(`${origin}/oauth/authorize?`)
    await page.goto(start)
    await page.getByRole('heading', { name: 'Ask whoever answers at Toolgate' }).waitFor()
    await look(page, 'oauth-wait-network')
    const code = (await page.locator('.code').textContent())?.trim() ?? ''
    expect(code).toMatch(/^[2-9A-Z]{3}-[2-9A-Z]{3}$/)
    for (const { secure, httpOnly, domain } of await page.context().cookies(`${origin}/oauth/authorize`)) {
      expect([secure, httpOnly, domain]).toEqual([true, true, name])
    }

    const pageOfApp = await browser.newPage()
    await host.letIn(pageOfApp, '/clients')
    await pageOfApp.getByText('Somebody on the network asks to connect an app.').waitFor()
    await look(pageOfApp, 'network-app-asks')
    const approval = await approvalWindow(app, page, pin)
    await approval.getByText('asks to connect over the network').waitFor()
    await approval.getByRole('button', { name: 'Look', exact: true }).click()
    await approval.getByText('Not from this machine.').waitFor()
    await approval.getByText(code, { exact: true }).waitFor()
    await approval.getByText('on the machine of whoever asks, not on this one').waitFor()
    expect(await approval.getByText('a program on this machine').count()).toBe(0)
    await approval.getByLabel('Until I revoke it').check()
    await approval.getByRole('button', { name: 'Allow always' }).click()
    await approval.getByText('It is let in until you revoke it').waitFor()
    await approval.close()

    await page.getByRole('heading', { name: 'Back in the app' }).waitFor()
    await client.line('connected')
    expect(await client.ask('call read_note')).toContain('ACCESS_DENIED')
    const entry = (await app.call('clients.list', {})).find(({ kind }) => kind === 'oauth')
    expect(entry).toMatchObject({ public_origin: origin })
    await pageOfApp.getByText('Network', { exact: true }).waitFor()
    await look(pageOfApp, 'network-app-let-in')
    await pageOfApp.getByRole('link', { name: 'SDK client' }).click()
    await pageOfApp.getByText(`over the network, at ${origin}`).waitFor()
    await bindAtPage({ profile: host.profile, app, pin }, entry?.id ?? '', 'mcp.read_only')
    expect(await client.ask('call read_note')).toContain('read_note did')
    // Its access is spoiled: it renews it by itself.
    expect(await client.ask('spoil')).toBe('spoiled')
    expect(await client.ask('call read_note')).toContain('read_note did')

    await setOrigin(null)
    expect(await client.ask('call read_note')).toMatch(/^failed /)
    await setOrigin(origin)
    expect(await client.ask('call read_note')).toMatch(/^failed /)
  },
)

run('a proxy that names the address of this machine instead of its own lets nobody in, and says why', async () => {
  proxy.rewrites(true)
  const refused = await sdkClient('v1').line('failed ')
  proxy.rewrites(false)
  expect(refused).toContain('public_origin')
})
