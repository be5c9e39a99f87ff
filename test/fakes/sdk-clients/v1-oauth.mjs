// Signs in to a server over HTTP by itself, with the SDK of version 1: node v1-oauth.mjs <url>. See oauth-commands.mjs.
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { callback, memoryProvider, serveCommands } from './oauth-commands.mjs'

const url = new URL(process.argv[2])
const back = await callback()
const authProvider = memoryProvider(back.url)
const connect = async () => {
  const client = new Client({ name: 'sdk-v1', version: '1' })
  const transport = new StreamableHTTPClientTransport(url, { authProvider })
  try {
    await client.connect(transport)
    return client
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error
    const answer = await back.code
    authProvider.kept.code = answer.get('code')
    if (!answer.get('code')) throw new Error(`not let in: ${answer.get('error')}`)
    await transport.finishAuth(answer.get('code'))
    return connect()
  }
}
try {
  const client = await connect()
  process.stdout.write('connected\n')
  await serveCommands(client, authProvider)
} catch (error) {
  process.stdout.write(`failed ${error.name} ${error.message}\n`)
  // Stays until it is ended: a browser may still ask it for something.
  process.stdin.resume()
}
