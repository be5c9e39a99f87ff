import { ToolgateError } from '../../../shared/errors.ts'
import { createRoom } from './room.ts'

/** One resource, or template of resources, of one server. */
export type Located = { server: string; uri: string }

const scheme = 'toolgate://'

/** How a resource is addressed when the address alone would not say which server it belongs to. */
export function prefixedUri({ server, uri }: Located): string {
  return `${scheme}${server}/${uri}`
}

/** What such an address means; null for any other. */
export function readPrefixedUri(text: string): Located | null {
  const rest = text.startsWith(scheme) ? text.slice(scheme.length) : ''
  const slash = rest.indexOf('/')
  return slash > 0 ? { server: rest.slice(0, slash), uri: rest.slice(slash + 1) } : null
}

/** What stands between the expressions of a template, and how many letters that is. */
type Template = { server: string; parts: string[]; literal: number }

/** Whose room it is that a client's own subscriptions take: no server has such a name. */
const ofClient = ''

/**
 * Which server a resource belongs to, from what the servers have listed in this session. An address that only one of them
 * has named is its own; one that several have named is nobody's without the server's name, with which the client is shown it:
 * else a server could take what is asked of another by naming it first. What a server lists is kept in mind as far as it has room; by the
 * longer form the rest is reached too.
 */
export function createResources() {
  const owners = new Map<string, string[]>()
  const templates = new Map<string, Template[]>()
  const room = createRoom()
  const subscriptions = new Map<string, string>()

  function claim({ server, uri }: Located): void {
    const known = owners.get(uri)
    if (!known) {
      if (room.take(server, uri)) owners.set(uri, [server])
      // Without a look at its room: that another has it too must never go unseen.
    } else if (!known.includes(server)) known.push(server)
  }

  function byTemplate(uri: string): string[] {
    const fits = [...templates.values()].flat().filter(({ parts }) => fitsTemplate(uri, parts))
    const closest = Math.max(...fits.map(({ literal }) => literal))
    return [...new Set(fits.filter(({ literal }) => literal === closest).map(({ server }) => server))]
  }

  /** How the client is shown an address of a server. */
  function shown(located: Located): string {
    const known = owners.get(located.uri)
    const alone = known?.length === 1 && known[0] === located.server && readPrefixedUri(located.uri) === null
    return alone ? located.uri : prefixedUri(located)
  }

  return {
    claim,
    shown,

    /** The same for one that a result mentions: what nobody has listed is its own, what is another's stays that. */
    mentioned(located: Located): string {
      if (!owners.has(located.uri)) claim(located)
      return shown(located)
    },

    /** Notes a template of addresses (RFC 6570), which is named like a resource and stands for many. */
    claimTemplate(located: Located): void {
      claim(located)
      const { server, uri } = located
      const same = templates.get(uri) ?? []
      if (same.some((template) => template.server === server) || !room.take(server, uri)) return
      const parts = uri.split(/\{[^{}]*\}/)
      templates.set(uri, [...same, { server, parts, literal: parts.join('').length }])
    },

    /** Notes under which address a client subscribed to a resource. */
    subscribe(located: Located, text: string): void {
      if (subscriptions.get(prefixedUri(located)) === text || !room.take(ofClient, text)) return
      this.unsubscribe(located)
      subscriptions.set(prefixedUri(located), text)
    },

    /** A client no longer wants to hear of a resource. */
    unsubscribe(located: Located): void {
      const key = prefixedUri(located)
      const text = subscriptions.get(key)
      if (text === undefined) return
      subscriptions.delete(key)
      room.giveBack(ofClient, text)
    },

    /** How the client is told of a change: by the address under which it subscribed. */
    subscribed(located: Located): string {
      return subscriptions.get(prefixedUri(located)) ?? shown(located)
    },

    /** Which server's an address of the client is; null when no server has named it. Throws when it could be that of several. */
    locate(text: string): Located | null {
      const prefixed = readPrefixedUri(text)
      if (prefixed) return prefixed
      const [server, ...more] = owners.get(text) ?? byTemplate(text)
      if (server === undefined) return null
      if (more.length === 0) return { server, uri: text }
      const forms = [server, ...more].map((name) => `\`${prefixedUri({ server: name, uri: text })}\``)
      throw new ToolgateError(
        'MALFORMED_MESSAGE',
        `several servers have such a resource: ask for ${forms.join(' or ')}`,
      )
    },

    /** What a server that is gone has named is nobody's. */
    forget(server: string): void {
      room.free(server)
      for (const [uri, known] of owners) {
        const left = known.filter((name) => name !== server)
        if (left.length === 0) owners.delete(uri)
        else owners.set(uri, left)
      }
      for (const [uri, same] of templates) {
        const left = same.filter((template) => template.server !== server)
        if (left.length === 0) templates.delete(uri)
        else templates.set(uri, left)
      }
    },
  }
}

export type Resources = ReturnType<typeof createResources>

/** Whether `parts` lie in an address in order, the first at its begin and the last at its end; linear, whatever a server wrote. */
function fitsTemplate(uri: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return uri === first
  if (!uri.startsWith(first) || !uri.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = uri.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= uri.length - last.length
}
