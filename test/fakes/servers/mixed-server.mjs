// A small MCP server over stdio without any library that offers what MIXED says, as JSON:
//   tools, prompts     names; a tool whose name begins with `ask` asks the client for sampling and answers with what it said
//                      (when modern: through its result),
//                      one that begins with `step` tells of its progress first, one with `link` links the first resource,
//                      one with `end` ends the server, one with `hold` never answers, one with `log` sends a log message first
//   resources          addresses; templates   address templates
//   says               instructions
//   pages              one item per page of its lists; a number: with cursors of so many digits
//   startMs, listMs    how long it takes to answer the first message, and lists
//   tickMs             it sends a log message each time that so long has passed
//   modern             it speaks 2026-07-28 instead of the older generation
//   deaf               it does not know `subscriptions/listen`
//   dead               it ends at once
// MIXED_LOG is a file that gets every line.
import { appendFileSync } from 'node:fs'

const { MIXED, MIXED_LOG } = process.env
const {
  tools = [],
  prompts = [],
  resources = [],
  templates = [],
  says,
  pages,
  modern,
  deaf,
  dead,
  ...times
} = JSON.parse(MIXED)
const { startMs = 0, listMs = 0, tickMs } = times
if (dead) process.exit(3)

const complete = modern ? { resultType: 'complete' } : {}
const cached = modern ? { ...complete, ttlMs: 60_000, cacheScope: 'public' } : {}
const subscription = 'io.modelcontextprotocol/subscriptionId'
const asked = new Map()
let listeners = []
const subscribed = []
let count = 0
let level = 'none'

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const notify = (method, params) => write({ method, params })
const lists = {
  'tools/list': () => [
    'tools',
    tools.map((name) => ({
      name,
      description: `Does ${name}`,
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: true },
    })),
  ],
  'prompts/list': () => ['prompts', prompts.map((name) => ({ name, description: `Prompts ${name}` }))],
  'resources/list': () => [
    'resources',
    resources.map((uri) => ({ uri, name: uri.slice(-20), mimeType: 'text/plain' })),
  ],
  'resources/templates/list': () => [
    'resourceTemplates',
    templates.map((uriTemplate) => ({ uriTemplate, name: 'template' })),
  ],
}

function listed(method, params) {
  const [key, all] = lists[method]()
  if (!pages) return { [key]: all }
  const at = Number(params?.cursor ?? 0)
  return {
    [key]: all.slice(at, at + 1),
    ...(at + 1 < all.length ? { nextCursor: String(at + 1).padStart(Number(pages), '0') } : {}),
  }
}

const capabilities = () => ({
  ...(tools.length > 0 ? { tools: { listChanged: true } } : {}),
  ...(prompts.length > 0 ? { prompts: {} } : {}),
  ...(resources.length + templates.length > 0 ? { resources: { subscribe: true } } : {}),
  completions: {},
  logging: {},
})

function call(id, params) {
  const { name, arguments: args = {} } = params
  const reply = (text, more = []) => write({ id, result: { ...complete, content: [{ type: 'text', text }, ...more] } })
  if (name.startsWith('end')) process.exit(4)
  if (name.startsWith('hold')) return
  if (name.startsWith('ask') && modern) {
    const { inputResponses, requestState } = params
    if (inputResponses) return reply(JSON.stringify({ inputResponses, requestState }))
    const asks = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 9 } }
    const result = { resultType: 'input_required', inputRequests: { one: asks }, requestState: `${process.pid}` }
    return write({ id, result })
  }
  if (name.startsWith('ask')) {
    const own = ++count
    asked.set(own, (result) => reply(JSON.stringify(result)))
    const messages = [{ role: 'user', content: { type: 'text', text: args.text ?? 'what?' } }]
    return write({ id: own, method: 'sampling/createMessage', params: { messages, maxTokens: 9 } })
  }
  if (name.startsWith('step')) {
    const progressToken = args.token ?? params._meta?.progressToken
    notify('notifications/progress', { progressToken, progress: 1, total: 2 })
  }
  if (name.startsWith('log'))
    notify('notifications/message', { level: 'info', data: 'logged', ...(args.logger ? { logger: args.logger } : {}) })
  if (args.change) for (const uri of subscribed) notify('notifications/resources/updated', { uri })
  if (args.announce) {
    if (!modern) notify('notifications/tools/list_changed')
    for (const listener of listeners)
      notify('notifications/tools/list_changed', { _meta: { [subscription]: listener } })
  }
  const link = name.startsWith('link') ? [{ type: 'resource_link', uri: resources[0], name: 'linked' }] : []
  reply(`${name} did ${JSON.stringify(args)} at level ${level}`, link)
}

function answer({ id, method, params }) {
  const reply = (result) => write({ id, result: { ...complete, ...result } })
  switch (method) {
    case 'tools/call':
      return call(id, params)
    case 'prompts/get':
      return reply({ messages: [{ role: 'user', content: { type: 'text', text: `prompt ${params.name}` } }] })
    case 'resources/read':
      return reply({ ...cached, contents: [{ uri: params.uri, text: `content of ${params.uri} by ${process.pid}` }] })
    case 'resources/subscribe':
      subscribed.push(params.uri)
      return reply({})
    case 'completion/complete':
      return reply({ completion: { values: [JSON.stringify(params.ref)] } })
    case 'logging/setLevel':
      level = params.level
      return reply({})
    case 'ping':
      return reply({})
    case 'subscriptions/listen': {
      if (deaf) return write({ id, error: { code: -32601, message: 'Method not found' } })
      listeners.push(id)
      const { notifications } = params
      return notify('notifications/subscriptions/acknowledged', { notifications, _meta: { [subscription]: id } })
    }
    default:
      return write({ id, error: { code: -32601, message: 'Method not found' } })
  }
}

function handle(message) {
  const { id, method, params } = message
  if (method === 'initialize' && !modern) {
    const serverInfo = { name: 'mixed', version: '1' }
    const { protocolVersion } = params
    const result = {
      protocolVersion,
      capabilities: capabilities(),
      serverInfo,
      ...(says ? { instructions: says } : {}),
    }
    return setTimeout(() => write({ id, result }), startMs)
  }
  if (method === 'server/discover' && modern) {
    const result = {
      ...cached,
      supportedVersions: ['2026-07-28'],
      capabilities: capabilities(),
      ...(says ? { instructions: says } : {}),
    }
    return setTimeout(() => write({ id, result }), startMs)
  }
  if (method in lists) return setTimeout(() => write({ id, result: { ...cached, ...listed(method, params) } }), listMs)
  if (method === 'notifications/cancelled') listeners = listeners.filter((listener) => listener !== params.requestId)
  if (id !== undefined && method) return answer(message)
  if (id !== undefined) asked.get(id)?.(message.result ?? message.error)
}

if (tickMs) setInterval(() => notify('notifications/message', { level: 'info', data: 'tick' }), tickMs)

let rest = ''
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) {
    if (MIXED_LOG) appendFileSync(MIXED_LOG, `${line}\n`)
    handle(JSON.parse(line))
  }
})
process.stdin.on('end', () => process.exit(0))
