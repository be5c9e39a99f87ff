import { randomBytes } from 'node:crypto'
import { printable } from '../../../shared/printable.ts'
import type { Message } from '../json/message.ts'
import type { Clock } from '../ports.ts'
import { isCut, sharedName } from '../registry/shared-name.ts'
import type { Missing } from './greeting.ts'
import type { Greeting, Hello, Member } from './member.ts'
import type { Resources } from './resources.ts'
import { listIn, objectIn, withMembers } from './rewrite.ts'

/** The lists of a server that are put together: where they lie in a result, and which capability says that there is one. */
const lists = {
  'tools/list': { key: 'tools', capability: 'tools' },
  'prompts/list': { key: 'prompts', capability: 'prompts' },
  'resources/list': { key: 'resources', capability: 'resources' },
  'resources/templates/list': { key: 'resourceTemplates', capability: 'resources' },
  'tasks/list': { key: 'tasks', capability: 'tasks' },
} as const

/** A method that asks for such a list. */
export type ListMethod = keyof typeof lists

/** True for a method that asks for a list. */
export function isList(method: string): method is ListMethod {
  return Object.hasOwn(lists, method)
}

/** How long a list waits for the servers that are slow: theirs come with the next one (ms). */
const waitMs = 5_000
const answerMs = 60_000

/** Pages of one server in one list, so that one that never ends does not make the list of all endless. */
const maxPages = 100

/** A longer cursor is not kept for its server. */
const longestCursor = 65_536

/** Lists that a client may read at once; the oldest is forgotten. */
const maxCursors = 32

/** Where a list goes on: at this page of each of these servers. */
type Place = { member: Member; cursor: unknown; page: number }
type Page = { place: Place; items: Buffer[]; next: unknown }

/** One page of a merged list: its items in the order of their servers, who is missing in it, and how it goes on. */
export type ListPage = { key: string; items: Buffer[]; missing: Missing[]; nextCursor: string | null }

type Deps = {
  clock: Clock
  resources: Resources
  maxBytes: number
  /** A server was left out of what the client was told last, and has not answered since: nobody waits for it. */
  isLeftOut: (member: Member) => boolean
  /** A page came too late for its list. */
  late: (member: Member) => void
  /** A prompt or task was seen in a list. */
  seen: (kind: 'prompts' | 'tasks', member: Member, item: Record<string, unknown>) => void
}

/** Puts the lists of several servers together, page by page. Cursors are ours, and good for this session and this list only. */
export function createLists({ clock, resources, maxBytes, isLeftOut, late, seen }: Deps) {
  const cursors = new Map<string, { method: ListMethod; places: Place[] }>()

  async function pageOf(method: ListMethod, place: Place, hello: Hello): Promise<Page | null> {
    const { member, cursor, page } = place
    const { capabilities } = await member.meet(hello)
    const { key, capability } = lists[method]
    if (!offers(capabilities, capability)) return null
    const { _meta } = hello.params
    const meta = hello.generation === 'modern' && _meta !== undefined ? { _meta } : {}
    const answer = await member.ask(method, { ...(cursor === undefined ? {} : { cursor }), ...meta }, answerMs)
    const { result } = answer.json as { result?: { nextCursor?: unknown } | null }
    // What a server does not know it has none of; other errors say that its list is missing.
    if (codeOf(answer) === -32601) return null
    if (typeof result !== 'object' || result === null) throw new Error(`it answered with error ${codeOf(answer)}`)
    const next = page < maxPages ? (result.nextCursor ?? undefined) : undefined
    if (next !== undefined && JSON.stringify(next).length > longestCursor) throw new Error('its cursor is too long')
    return { place, items: listIn(answer, key), next }
  }

  /** The pages that came in time, and who is missing. */
  async function gather(method: ListMethod, places: readonly Place[], hello: Hello) {
    const pages = new Map<Place, Page>()
    const missing = new Map(places.map((place) => [place, place.member.problem()?.message ?? 'it is slow to answer']))
    let inTime = true
    const waitedFor = places.filter(({ member }) => !isLeftOut(member))
    const ask = async (place: Place) => {
      try {
        const page = await pageOf(method, place, hello)
        missing.delete(place)
        if (page && inTime) pages.set(place, page)
        else if (page) late(place.member)
      } catch (error) {
        missing.set(place, (error as Error).message)
      }
    }
    const asked = new Map(places.map((place) => [place, ask(place)]))
    const awaited = waitedFor.flatMap((place) => asked.get(place) ?? [])
    await within(clock, awaited, waitMs)
    inTime = false
    const absent = [...missing].map(([{ member }, why]) => ({ server: member.server, why }))
    return { pages: places.flatMap((place) => pages.get(place) ?? []), missing: absent }
  }

  function remember(method: ListMethod, places: Place[]): string {
    const cursor = `toolgate-${randomBytes(12).toString('base64url')}`
    cursors.set(cursor, { method, places })
    const [oldest] = cursors.keys()
    if (cursors.size > maxCursors && oldest !== undefined) cursors.delete(oldest)
    return cursor
  }

  return {
    /** Cursors that were given are good no more. */
    forget: () => cursors.clear(),

    /** One page of a list; null when its cursor is none of ours for this list. */
    async read(
      method: ListMethod,
      cursor: unknown,
      members: readonly Member[],
      hello: Hello,
    ): Promise<ListPage | null> {
      const known = typeof cursor === 'string' ? cursors.get(cursor) : undefined
      if (cursor !== undefined && cursor !== null && known?.method !== method) return null
      const places = known?.places ?? members.map((member) => ({ member, cursor: undefined, page: 1 }))
      const { pages, missing } = await gather(method, places, hello)
      const kept = fitting(pages, maxBytes)
      const rest = pages.slice(kept.length).map(({ place }) => place)
      const further = kept.flatMap(({ place, next }) =>
        next === undefined ? [] : [{ member: place.member, cursor: next, page: place.page + 1 }],
      )
      const left = [...further, ...rest]
      return {
        key: lists[method].key,
        items: itemsOf(method, kept, resources, seen),
        missing,
        nextCursor: left.length === 0 ? null : remember(method, left),
      }
    },
  }
}

/** Whether a server said that it has a list; one whose greeting says nothing of capabilities is asked. */
function offers(capabilities: Greeting['capabilities'], capability: string): boolean {
  return capabilities[capability] !== undefined
}

/** Resolves once all have settled, or after `ms`. */
export function within(clock: Clock, all: readonly Promise<unknown>[], ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = clock.after(ms, resolve)
    void Promise.allSettled(all).then(() => {
      stop()
      resolve()
    })
  })
}

/** The answer with one page of a list. In the stateless generation it may be kept by its client alone, and is old at once. */
export function listResult(idText: string, { key, items, missing, nextCursor }: ListPage, modern: boolean): Buffer {
  const absent = missing.map(({ server, why }) => [server, why])
  const rest = {
    ...(nextCursor === null ? {} : { nextCursor }),
    ...(modern ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {}),
    ...(absent.length === 0 ? {} : { _meta: { 'dev.toolgate/missing': Object.fromEntries(absent) } }),
  }
  const more = JSON.stringify(rest).slice(1, -1)
  return Buffer.concat([
    Buffer.from(`{"jsonrpc":"2.0","id":${idText},"result":{"${key}":[`),
    ...items.flatMap((item, index) => (index === 0 ? [item] : [Buffer.from(','), item])),
    Buffer.from(`]${more === '' ? '' : `,${more}`}}}`),
  ])
}

function codeOf({ json }: Message): unknown {
  return ((json.error ?? {}) as { code?: unknown }).code
}

/** As many pages as fit into one message, at least one. */
function fitting(pages: readonly Page[], maxBytes: number): Page[] {
  let bytes = 0
  return pages.filter(({ items }, index) => {
    bytes += items.reduce((sum, item) => sum + item.length, 0)
    return index === 0 || bytes <= maxBytes
  })
}

function itemsOf(method: ListMethod, pages: readonly Page[], resources: Resources, seen: Deps['seen']): Buffer[] {
  const { key } = lists[method]
  const found = pages.flatMap(({ place: { member }, items }) =>
    items.flatMap((item) => {
      const object = objectIn(item)
      return object ? [{ member, item, object }] : []
    }),
  )
  // First all that is named, then how it is shown: what two servers name at once has the longer form for both.
  for (const { member, object } of found) {
    const { server } = member
    for (const { uri } of uisOf(object)) resources.claim({ server, uri })
    if (key === 'resources' && typeof object.uri === 'string') resources.claim({ server, uri: object.uri })
    if (key === 'resourceTemplates' && typeof object.uriTemplate === 'string') {
      resources.claimTemplate({ server, uri: object.uriTemplate })
    }
    if (key === 'prompts' || key === 'tasks') seen(key, member, object)
  }
  return found.map(({ member, item, object }) => shownItem(key, member.server, item, object, resources))
}

const uiPaths = [
  ['_meta', 'ui', 'resourceUri'],
  ['_meta', 'ui/resourceUri'],
] as const

/** The user interfaces that a tool brings along, by their addresses (MCP Apps). */
function uisOf(object: Record<string, unknown>): { path: readonly string[]; uri: string }[] {
  return uiPaths.flatMap((path) => {
    const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], object)
    return typeof value === 'string' ? [{ path, uri: value }] : []
  })
}

function shownItem(
  key: string,
  server: string,
  item: Buffer,
  object: Record<string, unknown>,
  resources: Resources,
): Buffer {
  const shown = (uri: unknown) => (typeof uri === 'string' ? resources.shown({ server, uri }) : '')
  if (key === 'resources') return withMembers(item, [[['uri'], shown(object.uri)]])
  if (key === 'resourceTemplates') return withMembers(item, [[['uriTemplate'], shown(object.uriTemplate)]])
  if (key === 'tasks' || typeof object.name !== 'string') return item
  const name = sharedName({ server, name: object.name })
  const { description } = object
  const whole = `This is \`${printable(object.name)}\` of the server \`${server}\`.`
  return withMembers(item, [
    [['name'], name],
    ...(isCut(name)
      ? ([[['description'], `${whole} ${typeof description === 'string' ? description : ''}`.trim()]] as const)
      : []),
    ...uisOf(object).map(({ path, uri }) => [path, shown(uri)] as const),
  ])
}
