import { addressesIn } from './addresses.ts'

/** `length`: of what is listed; the beginning of a longer address says where it leads. */
const most = { uris: 8_192, read: 8_192, depth: 64, length: 4_096 }

/**
 * What reading addresses may cost, in characters of a plain one. Each character that is looked through gives as much back as the
 * readings cost in which it stands as a rule: only what stands in many of them uses it up. Names beyond ASCII take far longer.
 */
const mostWork = 4_000_000
const [perReading, perCharacter, perForeign, perForeignName, perLookedThrough] = [16, 4, 3, 32, 8]

/** The scheme of a reading and what says where it leads, a name and its password first. */
const beginning = /^((?:https?|wss?|ftp):\/\/)([^/\\?#]*)|^([^:]*:\/\/)([^/?#]*)/i
/**
 * A longer name is left out before an address is read, and so are several: reading them takes long, and they lead nowhere. No host is as long,
 * however it is written, so that what begins in such a way is none.
 */
const longest = { name: 256, host: 2_048 }

/** Host names (lower case) and addresses that a part of a call names; `complete` is false when there were too many to list. */
export function hostsIn(value: unknown): { hosts: string[]; uris: string[]; complete: boolean } {
  const found = createAddresses()
  let complete = true
  const visit = (part: unknown, depth: number) => {
    if (depth > most.depth || found.full()) complete = false
    else if (typeof part === 'string') found.look(part)
    else if (Array.isArray(part)) for (const item of part) visit(item, depth + 1)
    else if (typeof part === 'object' && part !== null)
      for (const [name, item] of Object.entries(part)) {
        found.look(name)
        visit(item, depth + 1)
      }
  }
  visit(value, 0)
  return { ...found.list(), complete: complete && !found.full() }
}

/** The addresses that are found one after the other. Once there were too many it is `full`, and nothing more is read. */
function createAddresses() {
  const hosts = new Set<string>()
  const uris = new Set<string>()
  /** What was read already: the same address a thousand times is read once. */
  const known = new Set<string>()
  let left = mostWork
  let full = false

  function read(reading: string): void {
    left -= perReading + perCharacter * reading.length
    if (known.has(reading)) return
    known.add(reading)
    const [, web, webWhere, scheme = web ?? '', where = webWhere ?? ''] = beginning.exec(reading) ?? []
    if (where.length - where.lastIndexOf('@') > longest.host) return
    const short = withShortName(reading, scheme, where)
    left -= short.length + (isForeign(short) ? perForeign * short.length + perForeignName * where.length : 0)
    const url = left < 0 ? null : URL.parse(short)
    if (!url) return
    const host = plainHost(url.hostname)
    if (host !== '') hosts.add(host)
    if (short.length <= most.length && !/\s/.test(short)) uris.add(short)
    for (const text of [url.href, withoutName(url, host)]) uris.add(text.slice(0, most.length))
  }

  return {
    look(text: string): void {
      left += perLookedThrough * text.length
      for (const reading of addressesIn(text)) {
        if (full) return
        read(reading)
        full = left < 0 || known.size > most.read || uris.size > most.uris
      }
    },
    full: () => full,
    list: () => ({ hosts: [...hosts], uris: [...uris] }),
  }
}

function isForeign(text: string): boolean {
  return /[^ -~]/.test(text)
}

function withShortName(reading: string, scheme: string, where: string): string {
  const end = where.lastIndexOf('@')
  const isLong = end > longest.name || where.indexOf('@') < end
  return isLong ? scheme + reading.slice(scheme.length + end + 1) : reading
}

/** The address as rules write it: without a name before its host, and with the host as `hosts` has it. */
function withoutName(url: URL, host: string): string {
  if (url.username === '' && url.password === '' && url.hostname === host) return url.href
  const port = url.port === '' ? '' : `:${url.port}`
  return `${url.protocol}//${host}${port}${url.pathname}${url.search}${url.hash}`
}

/** A host as rules write it: lower case, and without the dot that ends a name which is whole. */
export function plainHost(host: string): string {
  return host.toLowerCase().replace(/(?<=.)\.$/, '')
}
