import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canMakeCertificates, selfSigned } from '../fakes/certificate.ts'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { startLines } from '../fakes/line-process.ts'
import { answerConsent, browserOf, placeOf, registerClient } from '../fakes/oauth-client.ts'
import { startTlsProxy, type TlsProxy } from '../fakes/tls-proxy.ts'
import { checksIn, suite } from './suite.ts'

const publicName = 'tools.example.com'
let gateway: TestGateway
let port: number
let proxy: TlsProxy | undefined
/** What lets the suite find the public name on this machine, and trust who answers there. */
let env: NodeJS.ProcessEnv = {}

beforeAll(async () => {
  const certificates = mkdtempSync(join(tmpdir(), 'toolgate-tls-'))
  if (canMakeCertificates) {
    const certificate = selfSigned(publicName, certificates)
    proxy = await startTlsProxy(certificate)
    const preload = new URL('../fakes/resolve-here.mjs', import.meta.url)
    env = { NODE_EXTRA_CA_CERTS: certificate.certFile, NODE_OPTIONS: `--import=${preload.href}` }
  }
  const public_origin = proxy ? `https://${publicName}:${proxy.port}` : null
  const settings = { app_documents: ['*'], public_origin }
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 }, settings })
  await gateway.addServer('notes', 'notes-server')
  port = gateway.core.httpPort ?? 0
  proxy?.to(port)
  return async () => {
    proxy?.close()
    rmSync(certificates, { recursive: true, force: true })
  }
})
afterAll(() => gateway.close())

/** Where the gateway is asked for by a name. By the public one documents name no app, which the suite remarks on. */
function issuerAt(name: string): URL {
  return new URL(name === publicName ? `https://${name}:${proxy?.port}` : `http://${name}:${port}`)
}

/** A port that nobody has right now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: free } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return free
}

/** Plays the person: opens what the suite prints in a browser, says yes, and lets the browser go back to the suite. */
async function letIn(url: URL): Promise<void> {
  const browser = browserOf(port, url.host)
  let answer = await browser.get(url.pathname + url.search)
  if (placeOf(answer).startsWith('/oauth/consent/')) {
    await answerConsent(gateway.core, 'always')
    for (let hops = 0; hops < 3 && placeOf(answer).startsWith('/oauth/'); hops++) {
      answer = await browser.get(placeOf(answer))
    }
  }
  await fetch(String(answer.headers.location))
}

test.each(['127.0.0.1', 'localhost', ...(canMakeCertificates ? [publicName] : [])])(
  'the authorization mode of the official suite passes at the issuer of %s',
  { timeout: 120_000 },
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'toolgate-suite-'))
    try {
      const back = await freePort()
      const { origin: issuer, host } = issuerAt(name)
      const client = await registerClient(port, { redirect_uris: [`http://127.0.0.1:${back}/callback`] }, host)
      const words = ['--url', issuer, '--client-id', client.id, '--port', String(back)]
      const rest = ['--resource', `${issuer}/mcp/notes`, '-o', folder]
      const run = startLines(process.execPath, [suite, 'authorization', ...words, ...rest], env)
      const done = run.line('Total:').catch((error: Error) => error.message)
      for (;;) {
        const next = await Promise.race([
          run.line(`${issuer}/oauth/authorize`).catch(() => null),
          done.then(() => null),
        ])
        if (next === null) break
        await letIn(new URL(`/oauth/authorize${next}`, issuer))
      }
      await done
      const verdicts = [...checksIn(folder)].flatMap(([check, ends]) => ends.map((end) => [end, check]))
      expect(
        verdicts.filter(([end]) => end !== 'SUCCESS'),
        run.output(),
      ).toEqual(name === publicName ? [['WARNING', expect.stringContaining('AuthorizationServerMetadataCIMD')]] : [])
      expect(verdicts.length, run.output()).toBe(3)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
