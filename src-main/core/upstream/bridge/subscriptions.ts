import { changedMembers } from '../../json/changed-members.ts'
import { type Message, metaSpan, objectOf, paramsOf } from '../../json/message.ts'
import type { MessageId } from './face.ts'
import type { Peer } from './peer.ts'
import { codes, lines, metaKeys } from './vocabulary.ts'

const mostListens = 64
const mostWatched = 1_000

/** Which list a wish of `subscriptions/listen` is about. */
const lists = { toolsListChanged: 'tools', promptsListChanged: 'prompts', resourcesListChanged: 'resources' } as const

type Listen = { id: MessageId; lists: Set<string>; uris: Set<string>; acknowledged: boolean }

/**
 * What clients of the stateless generation listen to, on a server of the one with sessions: changes of lists that the server announces to
 * everybody, and resources that it is asked to watch for as long as somebody listens (MCP 2026-07-28, subscriptions).
 */
export function createSubscriptions(peer: Peer, offers: Record<string, unknown>, toClient: (line: Buffer) => void) {
  const listens = new Map<string, Listen>()

  const idMeta = ({ id }: Listen) => ({ [metaKeys.subscription]: id.text })
  const announces = (what: string) => objectOf(offers[what]).listChanged === true
  const watched = (uri: string) => [...listens.values()].some(({ uris }) => uris.has(uri))

  function watch(listen: Listen, uri: string): Promise<void> {
    if (watched(uri)) {
      listen.uris.add(uri)
      return Promise.resolve()
    }
    listen.uris.add(uri)
    return new Promise((resolve) => {
      const refused = () => {
        listen.uris.delete(uri)
        resolve()
      }
      peer.ask('resources/subscribe', () => JSON.stringify({ uri }), {
        answered: (answer) => (answer.spans.has('error') ? refused() : resolve()),
        failed: refused,
      })
    })
  }

  function unwatch(uri: string): void {
    const ignored = () => {}
    if (watched(uri)) return
    peer.ask('resources/unsubscribe', () => JSON.stringify({ uri }), { answered: ignored, failed: ignored })
  }

  function acknowledge(listen: Listen): void {
    if (listens.get(listen.id.key) !== listen) {
      // It was given up while the server was asked.
      for (const uri of listen.uris) unwatch(uri)
      return
    }
    listen.acknowledged = true
    const granted = [...listen.lists].map((wish) => [wish, true])
    const notifications = {
      ...Object.fromEntries(granted),
      ...(listen.uris.size > 0 ? { resourceSubscriptions: [...listen.uris] } : {}),
    }
    const meta = changedMembers(Buffer.alloc(0), null, idMeta(listen))
    const params = `{"_meta":${meta},"notifications":${JSON.stringify(notifications)}}`
    toClient(lines.notification('notifications/subscriptions/acknowledged', params))
  }

  function wants(listen: Listen, message: Message): boolean {
    const { method } = message
    if (method === 'notifications/resources/updated') {
      const { uri } = paramsOf(message)
      // A server may name a part of what is watched.
      return typeof uri === 'string' && [...listen.uris].some((watch) => uri === watch || uri.startsWith(`${watch}/`))
    }
    return Object.entries(lists).some(
      ([wish, what]) => listen.lists.has(wish) && method === `notifications/${what}/list_changed`,
    )
  }

  return {
    /** Takes a `subscriptions/listen`, and says what of it will be heard once the server has taken it. */
    open(message: Message, id: MessageId): void {
      const filter = objectOf(paramsOf(message).notifications)
      const { resourceSubscriptions: wished = [] } = filter
      const uris = Array.isArray(wished) ? wished.filter((uri): uri is string => typeof uri === 'string') : []
      if (listens.size >= mostListens || uris.length > mostWatched) {
        toClient(lines.error(id.text, codes.invalidParams, 'Invalid params: Toolgate carries no more subscriptions'))
        return
      }
      const wishes = Object.entries(lists).filter(([wish, what]) => filter[wish] === true && announces(what))
      const listen: Listen = { id, lists: new Set(wishes.map(([wish]) => wish)), uris: new Set(), acknowledged: false }
      listens.set(id.key, listen)
      const can = objectOf(offers.resources).subscribe === true
      const asked = can ? [...new Set(uris)].map((uri) => watch(listen, uri)) : []
      void Promise.all(asked).then(() => acknowledge(listen))
    },

    /** The client listens no more; false when it never did under this id. */
    close(key: string): boolean {
      const listen = listens.get(key)
      if (!listen || !listens.delete(key)) return false
      if (listen.acknowledged) for (const uri of listen.uris) unwatch(uri)
      return true
    },

    /** The server is gone, and every client that listened has been told so. */
    forget: () => listens.clear(),

    /** Tells everybody who listens to it; false for a notification that nobody can listen to. */
    tell(message: Message): boolean {
      if (!/^notifications\/(?:\w+\/list_changed|resources\/updated)$/.test(message.method ?? '')) return false
      const { raw, method, spans } = message
      for (const listen of listens.values()) {
        if (!listen.acknowledged || !wants(listen, message)) continue
        const meta = changedMembers(raw, metaSpan(message), idMeta(listen))
        const params = changedMembers(raw, spans.get('params'), { _meta: meta })
        toClient(lines.notification(method ?? '', params))
      }
      return true
    },
  }
}
