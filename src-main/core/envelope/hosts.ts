const urlPattern = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>\\)\]}]{1,2048}/gi

/** Host names (lower case) and URLs that the arguments of a call name. */
export function hostsIn(args: unknown): { hosts: string[]; uris: string[] } {
  const hosts = new Set<string>()
  const uris = new Set<string>()
  const visit = (value: unknown, depth: number) => {
    if (depth > 32 || uris.size > 256) return
    if (typeof value === 'string') {
      for (const [text] of value.slice(0, 262_144).matchAll(urlPattern)) {
        const url = URL.parse(text)
        if (!url) continue
        uris.add(text)
        if (url.hostname) hosts.add(url.hostname.toLowerCase())
      }
    } else if (typeof value === 'object' && value !== null)
      for (const item of Object.values(value)) visit(item, depth + 1)
  }
  visit(args, 0)
  return { hosts: [...hosts], uris: [...uris] }
}
