import { type Message, paramOf, paramsOf } from '../json/message.ts'
import { member as memberOf, splice, textOf } from '../json/spans.ts'
import type { Log } from '../ports.ts'
import type { createAsks } from './asks.ts'
import type { Listens } from './listens.ts'
import type { Member } from './member.ts'
import type { OpenRequests } from './open.ts'
import { prefixedUri, type Resources } from './resources.ts'
import { withUris } from './rewrite.ts'
import { type Router, taskIn } from './route.ts'

type Deps = {
  toClient: (line: Buffer) => void
  open: OpenRequests
  asks: ReturnType<typeof createAsks>
  listens: Listens
  resources: Resources
  router: Router
  log: Log
  /** Whether the client takes what nobody asked for: not before it was greeted itself. */
  heard: () => boolean
}

/** What servers say, as the client is to read it: under its own names, and each server only about what it was asked. */
export function createFromServers({ toClient, open, asks, listens, resources, router, log, heard }: Deps) {
  function answer(member: Member, message: Message): void {
    const key = message.id?.key ?? ''
    const request = open.of(member, key)
    if (!request) {
      log.info('an answer that nobody waits for was dropped', { server: member.server })
      return
    }
    router.sawTask(member.server, taskIn(message))
    const { server } = member
    const shown = (uri: string) => {
      if (request.method !== 'resources/read') return resources.mentioned({ server, uri })
      return request.prefixed ? prefixedUri({ server, uri }) : uri
    }
    open.answer(key, withUris(message, shown).raw)
  }

  function notification(member: Member, message: Message): void {
    const { raw, method } = message
    const params = paramsOf(message)
    if (method === 'notifications/cancelled') asks.cancel(member, params.requestId)
    else if (method === 'notifications/progress') {
      // A server may say how far its own request is, and nobody else's.
      if (open.withProgress(member, params.progressToken)) toClient(raw)
    } else if (!heard()) log.info('a server spoke before the client was greeted', { server: member.server })
    else if (method === 'notifications/message') toClient(named(member, message))
    else if (method === 'notifications/resources/updated') toClient(located(member, message))
    else toClient(raw)
  }

  /** A log message says whose it is. */
  function named({ server }: Member, { raw, spans }: Message): Buffer {
    const params = spans.get('params')
    if (!params || raw[params.start] !== 0x7b) return raw
    const logger = memberOf(raw, params, 'logger')
    const said: unknown = logger && JSON.parse(textOf(raw, logger))
    const text = JSON.stringify(typeof said === 'string' && said !== '' ? `${server}/${said}` : server)
    if (logger) return splice(raw, [{ span: logger, text }])
    const first = { start: params.start, end: params.start + 1 }
    const empty = /^\{\s*\}$/.test(textOf(raw, params))
    return splice(raw, [{ span: first, text: `{"logger":${text}${empty ? '' : ','}` }])
  }

  function located({ server }: Member, message: Message): Buffer {
    const { raw } = message
    const span = paramOf(message, 'uri')
    const { uri } = paramsOf(message)
    if (!span || typeof uri !== 'string') return raw
    return splice(raw, [{ span, text: JSON.stringify(resources.subscribed({ server, uri })) }])
  }

  return (member: Member, message: Message): void => {
    if (listens.take(member, message)) return
    if (message.kind === 'response') answer(member, message)
    else if (message.kind === 'notification') notification(member, message)
    else if (heard()) asks.ask(member, message)
    else member.send(notYet(message))
  }
}

function notYet({ id }: Message): Buffer {
  const error = '{"code":-32603,"message":"Toolgate: the client has not been greeted yet"}'
  return Buffer.from(`{"jsonrpc":"2.0","id":${id?.text ?? 'null'},"error":${error}}`)
}
