import { randomBytes } from 'node:crypto'
import { longestUnheardMs, relistenDelay } from '../gateway/relisten.ts'
import { type Message, metaOf, objectOf, paramsOf } from '../json/message.ts'
import { member as memberOf, splice, textOf } from '../json/spans.ts'
import type { Clock } from '../ports.ts'
import { type Acknowledgement, createAcknowledgement } from './acknowledgement.ts'
import type { Hello, Member } from './member.ts'
import type { Located, Resources } from './resources.ts'

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId'

/** What a client may want to hear, and the notification that says it. */
const announced = {
  toolsListChanged: 'notifications/tools/list_changed',
  promptsListChanged: 'notifications/prompts/list_changed',
  resourcesListChanged: 'notifications/resources/list_changed',
} as const

type Wanted = Partial<Record<keyof typeof announced, boolean>> & { resourceSubscriptions?: string[] }
type Listen = {
  key: string
  idText: string
  wanted: Wanted
  hello: Hello
  first: Acknowledgement
  /** Where resources that it wants to hear of lie, or lay when their server last named them: while it is gone they are nobody's. */
  placed: Map<string, Located>
  /** Servers that told it nothing for a while, or do not tell it anything now. */
  again: Map<Member, Again>
}
/** `tries`: how often in a row it was asked again. `since`: when it began to tell again, null while it does not. */
type Again = { tries: number; since: number | null; stop: () => void }
/** A request of ours to a server; `uris`: the resources in it, each by the address that the client knows. */
type Relay = { listen: Listen; member: Member; uris: ReadonlyMap<string, string> }

const methodNotFound = -32601

/** Errors of ours that are over some time: what was refused with another one is not asked for again. */
const passing = /^(?:SERVER_|STOPPED$|LIMIT_REACHED$|AUDIT_UNWRITABLE$)/

type Deps = {
  toClient: (line: Buffer) => void
  resources: Resources
  members: () => readonly Member[]
  clock: Clock
}

/**
 * `subscriptions/listen` of the stateless generation: one long request of the client, and one of ours to each server that has
 * been greeted, later ones included. What the servers say comes back as an answer to the client's request.
 */
export function createListens({ toClient, resources, members, clock }: Deps) {
  const listens = new Map<string, Listen>()
  const relays = new Map<string, Relay>()
  const prefix = `toolgate-listen-${randomBytes(8).toString('hex')}-`
  let count = 0

  function tell({ idText }: Listen, method: string, params: Record<string, unknown> = {}): void {
    const rest = Object.entries(params).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`)
    const meta = `"_meta":{${JSON.stringify(subscriptionKey)}:${idText}}`
    toClient(Buffer.from(`{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":{${meta}${rest.join('')}}}`))
  }

  function relay(listen: Listen, member: Member): void {
    if ([...relays.values()].some((known) => known.listen === listen && known.member === member)) return
    const uris = new Map(
      (listen.wanted.resourceSubscriptions ?? []).flatMap((text) => {
        const located = locate(listen, text)
        return located?.server === member.server ? [[text, located.uri] as const] : []
      }),
    )
    const notifications = { ...listen.wanted, resourceSubscriptions: [...uris.values()] }
    const id = `${prefix}${++count}`
    relays.set(id, { listen, member, uris })
    if (uris.size > 0) listen.first.waitFor(id)
    const params = { ...listen.hello.params, notifications }
    member.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method: 'subscriptions/listen', params })))
  }

  function locate({ placed }: Listen, text: string): Located | null {
    try {
      const located = resources.locate(text)
      if (located) placed.set(text, located)
      return located ?? placed.get(text) ?? null
    } catch {
      // Two servers may have it: neither is asked, rather than the wrong one.
      return null
    }
  }

  /** What a server says of a request that is with it, once: which resources it tells of, or, refusing, none. */
  function decided(id: string, { listen, member, uris }: Relay, message: Message): void {
    const answered = message.kind === 'response'
    if (!answered) tells(listen, member)
    // Of what comes later nothing can be taken back.
    if (listen.first.isSent()) {
      if (answered && isRefused(message)) drop(listen, [...uris.keys()])
      if (answered) later(listen, member, message)
      return
    }
    const told = answered ? [] : objectOf(paramsOf(message).notifications).resourceSubscriptions
    const left = [...uris].flatMap(([text, uri]) => (Array.isArray(told) && told.includes(uri) ? [] : [text]))
    drop(listen, left)
    // Refused for its resources: what it says of its lists can still be heard.
    if (answered && uris.size > 0 && message.json.error) relay(listen, member)
    else if (answered) later(listen, member, message)
    listen.first.answered(id)
  }

  function drop({ wanted }: Listen, uris: readonly string[]): void {
    const { resourceSubscriptions } = wanted
    if (resourceSubscriptions && uris.length > 0)
      wanted.resourceSubscriptions = resourceSubscriptions.filter((text) => !uris.includes(text))
  }

  /** A server tells a listener: when it did not for a while, its lists may have changed meanwhile. */
  function tells(listen: Listen, member: Member): void {
    const again = listen.again.get(member)
    if (!again || again.since !== null) return
    again.stop()
    again.since = clock.monotonic()
    announceTo(listen)
  }

  /** A server tells a listener nothing any more, and is not asked again yet. */
  function silent(listen: Listen, member: Member): Again {
    const before = listen.again.get(member)
    before?.stop()
    const steady = before?.since != null && clock.monotonic() - before.since > longestUnheardMs
    const again: Again = { tries: before && !steady ? before.tries + 1 : 0, since: null, stop: () => {} }
    listen.again.set(member, again)
    return again
  }

  /** Its server ended, as when its settings changed, or ended this alone. One that does not know such a request is not asked again. */
  function later(listen: Listen, member: Member, { json }: Message): void {
    const again = silent(listen, member)
    if (objectOf(json.error).code === methodNotFound) return
    const ask = () => void (member.greeting() && relay(listen, member))
    again.stop = clock.after(relistenDelay(again.tries), ask)
  }

  function announceTo(listen: Listen): void {
    for (const [wanted, method] of Object.entries(announced)) {
      if (listen.wanted[wanted as keyof typeof announced]) listen.first.after(() => tell(listen, method))
    }
  }

  function close({ first, again }: Listen): void {
    first.close()
    for (const { stop } of again.values()) stop()
  }

  function end(key: string): void {
    const ended = listens.get(key)
    if (ended) close(ended)
    listens.delete(key)
    for (const [id, { listen, member }] of [...relays]) {
      if (listen.key !== key) continue
      relays.delete(id)
      const params = { requestId: id, reason: 'the client no longer listens' }
      if (member.greeting())
        member.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })))
    }
  }

  return {
    /** Begins what a client asked for; it lasts until the client cancels it. */
    begin(message: Message, hello: Hello): void {
      const { id } = message
      if (!id) return
      const { notifications } = message.json.params as { notifications?: Wanted }
      const wanted = wantedOf(notifications)
      const acknowledge = () => tell(listen, 'notifications/subscriptions/acknowledged', { notifications: wanted })
      const first = createAcknowledgement(clock, acknowledge)
      const listen = { key: id.key, idText: id.text, wanted, hello, first, placed: new Map(), again: new Map() }
      listens.set(id.key, listen)
      for (const member of members()) if (member.greeting()) relay(listen, member)
      first.begin()
    },

    end,

    /** A server has been greeted: it is asked what the clients want to hear. */
    joined(member: Member): void {
      for (const listen of listens.values()) relay(listen, member)
    },

    /** Tells those who want to hear it that all lists have changed. */
    announce(): void {
      for (const listen of listens.values()) announceTo(listen)
    },

    /** Takes what a server says about one of these requests; false when it is about none. */
    take(member: Member, message: Message): boolean {
      const { json, kind, raw, spans, method } = message
      // A question has an id of its server's, under which another one's could be answered.
      if (kind === 'request') return false
      const named = kind === 'response' ? json.id : metaOf(message)[subscriptionKey]
      const known = typeof named === 'string' ? relays.get(named) : undefined
      if (!known || known.member !== member) return typeof named === 'string' && named.startsWith(prefix)
      if (kind === 'response') relays.delete(String(named))
      const params = spans.get('params')
      if (kind === 'response' || method === 'notifications/subscriptions/acknowledged') {
        decided(String(named), known, message)
        return true
      }
      if (!params) return true
      const span = memberOf(raw, params, '_meta')
      const id = span && memberOf(raw, span, subscriptionKey)
      const uri = method === 'notifications/resources/updated' ? memberOf(raw, params, 'uri') : null
      const edits = id ? [{ span: id, text: known.listen.idText }] : []
      if (uri) edits.push({ span: uri, text: JSON.stringify(shownAs(known.listen, member, textOf(raw, uri))) })
      const line = splice(raw, edits)
      known.listen.first.after(() => toClient(line))
      return true
    },

    gone(member: Member): void {
      for (const [id, relayed] of [...relays]) {
        if (relayed.member !== member) continue
        relays.delete(id)
        relayed.listen.first.answered(id)
        // It is asked again once it was greeted again.
        silent(relayed.listen, member)
      }
      for (const { again } of listens.values()) again.get(member)?.stop()
    },

    close(): void {
      for (const listen of listens.values()) close(listen)
    },
  }

  /** The address under which the client subscribed. */
  function shownAs(listen: Listen, { server }: Member, text: string): unknown {
    const uri: unknown = JSON.parse(text)
    if (typeof uri !== 'string') return uri
    const asked = listen.wanted.resourceSubscriptions?.find((shown) => {
      const located = locate(listen, shown)
      return located?.server === server && located.uri === uri
    })
    return asked ?? resources.shown({ server, uri })
  }
}

export type Listens = ReturnType<typeof createListens>

/** Whether a request was refused for what it asks for, and would be again. */
function isRefused({ json }: Message): boolean {
  const { data } = objectOf(json.error)
  const { code } = objectOf(data)
  return json.error !== undefined && !(typeof code === 'string' && passing.test(code))
}

function wantedOf(asked: Wanted | undefined): Wanted {
  const wanted: Wanted = {}
  for (const key of Object.keys(announced) as (keyof typeof announced)[]) if (asked?.[key] === true) wanted[key] = true
  const uris = asked?.resourceSubscriptions
  if (Array.isArray(uris)) wanted.resourceSubscriptions = uris.filter((uri) => typeof uri === 'string').slice(0, 1_000)
  return wanted
}
