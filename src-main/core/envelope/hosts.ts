const scheme = /\b[a-z][a-z0-9+.-]{1,20}$/i
const rest = /[^\s"'<>\\)\]}]{1,2048}/y

/** The addresses in a text. From each `://` back to its scheme: a pattern that begins with a scheme would try at every character. */
function* addressesIn(text: string): Generator<string> {
  let end = 0
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', Math.max(at + 3, end))) {
    const before = scheme.exec(text.slice(Math.max(end, at - 22), at))?.[0]
    rest.lastIndex = at + 3
    const behind = before === undefined ? null : rest.exec(text)
    if (!behind) continue
    end = rest.lastIndex
    yield `${before}://${behind[0]}`
  }
}

const most = { uris: 4096, looked: 8_192, depth: 64 }

/** Host names (lower case) and URLs that the arguments of a call name; `complete` is false when there were too many to list. */
export function hostsIn(args: unknown): { hosts: string[]; uris: string[]; complete: boolean } {
  const hosts = new Set<string>()
  const uris = new Set<string>()
  let complete = true
  let looked = 0
  const add = (text: string) => {
    // The same address a thousand times is read once, and what is beyond a bound not at all: the call is refused anyway.
    if (uris.has(text) || looked > most.looked || uris.size > most.uris) return
    looked += 1
    const url = URL.parse(text)
    if (!url) return
    uris.add(text)
    if (url.hostname) hosts.add(url.hostname.toLowerCase())
  }
  const visit = (value: unknown, depth: number) => {
    if (depth > most.depth || uris.size > most.uris) complete = false
    else if (typeof value === 'string') {
      if (value.includes('://')) for (const text of addressesIn(value)) add(text)
    } else if (typeof value === 'object' && value !== null)
      for (const item of Object.values(value)) visit(item, depth + 1)
  }
  visit(args, 0)
  return { hosts: [...hosts], uris: [...uris], complete: complete && uris.size <= most.uris && looked <= most.looked }
}
