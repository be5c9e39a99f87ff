import { randomBytes } from 'node:crypto'
import { type Message, metaOf, objectOf, paramsOf } from '../json/message.ts'
import { member as memberOf, splice, textOf } from '../json/spans.ts'
import type { Clock } from '../ports.ts'
import { type Acknowledgement, createAcknowledgement } from './acknowledgement.ts'
import type { Hello, Member } from './member.ts'
import type { Resources } from './resources.ts'

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId'

/** What a client may want to hear, and the notification that says it. */
const announced = {
  toolsListChanged: 'notifications/tools/list_changed',
  promptsListChanged: 'notifications/prompts/list_changed',
  resourcesListChanged: 'notifications/resources/list_changed',
} as const

type Wanted = Partial<Record<keyof typeof announced, boolean>> & { resourceSubscriptions?: string[] }
type Listen = { key: string; idText: string; wanted: Wanted; hello: Hello; first: Acknowledgement }
/** A request of ours to a server; `uris`: the resources in it, each by the address that the client knows. */
type Relay = { listen: Listen; member: Member; uris: ReadonlyMap<string, string> }

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
        const located = located_(text)
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

  function located_(text: string) {
    try {
      return resources.locate(text)
    } catch {
      // Two servers may have it: neither is asked, rather than the wrong one.
      return null
    }
  }

  /** What a server says of a request that is with it, once: which resources it tells of, or, refusing, none. */
  function decided(id: string, { listen, member, uris }: Relay, message: Message): void {
    // Of what comes later nothing can be taken back.
    if (listen.first.isSent()) return
    const told = message.kind === 'response' ? [] : objectOf(paramsOf(message).notifications).resourceSubscriptions
    const left = [...uris].flatMap(([text, uri]) => (Array.isArray(told) && told.includes(uri) ? [] : [text]))
    const { resourceSubscriptions } = listen.wanted
    if (resourceSubscriptions && left.length > 0)
      listen.wanted.resourceSubscriptions = resourceSubscriptions.filter((text) => !left.includes(text))
    // Refused for its resources: what it says of its lists can still be heard.
    if (message.kind === 'response' && uris.size > 0 && message.json.error) relay(listen, member)
    listen.first.answered(id)
  }

  function end(key: string): void {
    listens.get(key)?.first.close()
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
      const listen = { key: id.key, idText: id.text, wanted, hello, first }
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
      for (const listen of listens.values()) {
        for (const [wanted, method] of Object.entries(announced)) {
          if (listen.wanted[wanted as keyof typeof announced]) listen.first.after(() => tell(listen, method))
        }
      }
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
      }
    },

    close(): void {
      for (const { first } of listens.values()) first.close()
    },
  }

  /** The address under which the client subscribed. */
  function shownAs({ wanted }: Listen, { server }: Member, text: string): unknown {
    const uri: unknown = JSON.parse(text)
    if (typeof uri !== 'string') return uri
    const asked = wanted.resourceSubscriptions?.find((shown) => {
      const located = located_(shown)
      return located?.server === server && located.uri === uri
    })
    return asked ?? resources.shown({ server, uri })
  }
}

export type Listens = ReturnType<typeof createListens>

function wantedOf(asked: Wanted | undefined): Wanted {
  const wanted: Wanted = {}
  for (const key of Object.keys(announced) as (keyof typeof announced)[]) if (asked?.[key] === true) wanted[key] = true
  const uris = asked?.resourceSubscriptions
  if (Array.isArray(uris)) wanted.resourceSubscriptions = uris.filter((uri) => typeof uri === 'string').slice(0, 1_000)
  return wanted
}
