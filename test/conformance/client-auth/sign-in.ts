import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { built } from '../../fakes/built.ts'
import { person, startGateway, type TestGateway } from '../../fakes/gateway.ts'
import type { Asked } from '../client-host.ts'
import { allPolicy } from '../governed.ts'
import { browse, waitFor } from './browser.ts'

/** More often than this nobody would try. */
const mostSignIns = 8

/** The one scenario in which somebody publishes a document for us; its address is the suite's. */
const documentOf = (scenario: string) =>
  scenario === 'auth/basic-cimd' ? 'https://conformance-test.local/client-metadata.json' : null

/** What a scenario may give: a client that the authorization server knows already. */
type Context = { client_id?: string; client_secret?: string }

/**
 * Is the client in a scenario about authorization: a real core on a fresh profile gets the suite's server as a server over HTTP, and a client
 * comes to it through a shim. Whenever Toolgate says that the server wants a sign-in, it is signed in to, with a browser that agrees to
 * everything, and what was asked is asked again. So what the suite sees is Toolgate.
 */
export async function signInAndCall({ url, scenario, revision, context }: Asked): Promise<void> {
  const gateway = await startGateway({ policy: allPolicy, settings: { client_document: documentOf(scenario) } })
  const { handlers } = gateway.core
  const asked = <T>(work: () => Promise<T>) => untilSignedIn(gateway, work)
  try {
    const launch = { transport: 'http' as const, url, headers: {} }
    const rest = { trust_level: 'restricted' as const, environment: 'test', risk_tags: [] }
    await handlers['servers.add']({ name: 'suite', launch, ...rest }, person)
    const { client_id, client_secret } = context as Context
    if (client_id !== undefined) {
      const given = { name: 'suite', client_id, client_secret: client_secret ?? null }
      await handlers['servers.sign_in_as'](given, person)
    }
    await asked(() => gateway.approveServer('suite'))
    const client = await asked(() => throughShim(gateway, revision))
    const { tools } = await asked(() => client.listTools())
    for (const { name } of tools) await asked(() => client.callTool({ name, arguments: {} }))
    await client.close()
  } finally {
    await gateway.close()
  }
}

async function signIn({ core: { handlers } }: TestGateway): Promise<void> {
  const { url: page } = await handlers['servers.sign_in']({ name: 'suite', open: false }, person)
  await browse(page)
  const view = await waitFor(async () => {
    const [server] = await handlers['servers.list']({}, person)
    return server?.sign_in && server.sign_in.state !== 'waiting' ? server.sign_in : null
  })
  if (view.problem !== null) throw new Error(`not signed in: ${view.problem}`)
}

/** Asks, and when a sign-in is wanted, signs in and asks again. */
async function untilSignedIn<T>(gateway: TestGateway, work: () => Promise<T>): Promise<T> {
  for (let signIns = 0; ; signIns++) {
    const answer = await work().then(
      (value) => ({ value, text: JSON.stringify(value ?? null) }),
      (error: unknown) => ({ error, text: `${String(error)} ${JSON.stringify(error)}` }),
    )
    const wants =
      /SERVER_WANTS_(SIGN_IN|SCOPES)/.test(answer.text) || /wants to be signed in|wants rights/.test(answer.text)
    if (wants && signIns < mostSignIns) await signIn(gateway)
    else if ('error' in answer) throw answer.error
    else return answer.value
  }
}

async function throughShim({ profile }: TestGateway, revision: string): Promise<Client> {
  const client = new Client(
    { name: 'conformance-client', version: '1' },
    { versionNegotiation: { mode: revision === '2026-07-28' ? 'auto' : 'legacy' } },
  )
  const args = [built.shim, '--profile', profile, 'suite']
  await client.connect(new StdioClientTransport({ command: process.execPath, args }))
  return client
}
