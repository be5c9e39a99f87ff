// What the clients that sign in have in common: an OAuth provider that keeps all in memory, a callback on this machine, and commands by line.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

const say = (line) => process.stdout.write(`${line}\n`)

/** Listens where the browser comes back to; `code` resolves with what it brings. */
export async function callback() {
  let took
  const code = new Promise((resolve) => {
    took = resolve
  })
  const server = createServer((req, res) => {
    const { searchParams, pathname } = new URL(req.url, 'http://127.0.0.1')
    if (pathname !== '/callback') return res.writeHead(204).end()
    res.end('<!doctype html><html lang="en"><title>back in the app</title><h1>Back in the app</h1>')
    took(searchParams)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/callback`, code, close: () => server.close() }
}

/** Keeps everything of a sign-in in memory. */
export function memoryProvider(redirectUrl, clientMetadataUrl) {
  const kept = {}
  return {
    kept,
    redirectUrl,
    clientMetadataUrl,
    clientMetadata: { client_name: 'SDK client', redirect_uris: [redirectUrl], purpose: 'to try things out' },
    state: () => 'state-of-this-client',
    clientInformation: () => kept.client,
    saveClientInformation: (client) => {
      kept.client = client
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => {
      kept.tokens = tokens
      kept.all = [...(kept.all ?? []), tokens.access_token, tokens.refresh_token]
    },
    redirectToAuthorization: (url) => say(`open ${url.href}`),
    saveCodeVerifier: (verifier) => {
      kept.verifier = verifier
    },
    codeVerifier: () => kept.verifier,
  }
}

/** Does what each line says, and answers each with one. */
export async function serveCommands(client, provider) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, name] = line.split(' ')
    try {
      if (word === 'list') say(`tools ${(await client.listTools()).tools.map((tool) => tool.name).join(',')}`)
      if (word === 'call') say(`result ${JSON.stringify(await client.callTool({ name, arguments: { text: 'noon' } }))}`)
      if (word === 'spoil') {
        provider.kept.tokens = { ...provider.kept.tokens, access_token: 'A'.repeat(43) }
        say('spoiled')
      }
      if (word === 'kept') say(`kept ${JSON.stringify(provider.kept)}`)
      if (word === 'end') break
    } catch (error) {
      say(`failed ${error.name} ${String(error.message).slice(0, 300).replaceAll('\n', ' ')}`)
    }
  }
  await client.close().catch(() => {})
  process.exit(0)
}
