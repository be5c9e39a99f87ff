import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { type Answer, type Client, checkAnswer, hello } from './client.ts'

/** Where a target listens on 127.0.0.1; its bearer token where it wants one. */
export type Address = { port: number; path: string; token?: string }

/** Initializes a session with a target over Streamable HTTP; connections are kept and used again, as clients do. */
export async function connectHttp({ port, path, token }: Address): Promise<Client> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 64 })
  const session: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  let count = 0

  function send(method: string, body: Buffer): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const headers = {
      ...session,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'content-length': body.length,
    }
    const request = httpRequest({ agent, host: '127.0.0.1', port, path, method, headers }, resolve)
    request.on('error', reject)
    request.end(body)
    return promise
  }

  async function request(method: string, params: object): Promise<void> {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: ++count, method, params }))
    const response = await send('POST', body)
    const text = (await bytesOf(response)).toString()
    if (response.statusCode !== 200) throw new Error(`\`${method}\`: ${response.statusCode} ${text.slice(0, 300)}`)
    checkAnswer(answerIn(response, text), method)
    const id = response.headers['mcp-session-id']
    if (typeof id === 'string') session['mcp-session-id'] = id
  }

  await request('initialize', hello)
  session['mcp-protocol-version'] = hello.protocolVersion
  const ready = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}')
  await bytesOf(await send('POST', ready))
  return {
    pid: 0,
    call: (name, args) => request('tools/call', { name, arguments: args }),
    ping: () => request('ping', {}),
    progress: () => Promise.reject(new Error('over HTTP no notification answers another one')),
    listTools: () => request('tools/list', {}),
    async close() {
      await bytesOf(await send('DELETE', Buffer.alloc(0)))
      agent.destroy()
    },
  }
}

/** The answer, whether it came as JSON or as the only event of a stream. */
function answerIn(response: IncomingMessage, text: string): Answer {
  if (!response.headers['content-type']?.startsWith('text/event-stream')) return JSON.parse(text)
  const data = text.split('\n').filter((line) => line.startsWith('data:') && line.length > 6)
  return JSON.parse(data.at(-1)?.slice(5) ?? 'null')
}

function bytesOf(response: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const parts: Buffer[] = []
  response.on('data', (part: Buffer) => parts.push(part))
  response.on('end', () => resolve(Buffer.concat(parts)))
  response.on('error', reject)
  return promise
}
