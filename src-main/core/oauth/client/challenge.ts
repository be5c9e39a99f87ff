/** What a server's refusal says of the token it wants (RFC 6750 section 3, RFC 9728 section 5.1). */
export type Challenge = {
  /** Where its metadata lies, as the server wrote it. */
  metadata: string | null
  /** Scopes that it wants; null when it names none. */
  scopes: string[] | null
  /** `insufficient_scope`, say. */
  error: string | null
}

const longest = 16 * 1024
/** The name of a scheme or a parameter, and what may follow. */
const word = /[\w!#$%&'*+.^`|~-]+/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const bare = /[^\s,"]+/y
const blank = /\s*/y
const commas = /[\s,]*/y

/** The `Bearer` challenge among those of a refusal (RFC 9110 section 11.6.1); null when there is none. */
export function bearerChallenge(header: string): Challenge | null {
  const found = challenges(header.slice(0, longest)).find(({ scheme }) => scheme === 'bearer')
  if (!found) return null
  const { parameters } = found
  const scope = parameters.get('scope')
  return {
    metadata: parameters.get('resource_metadata') ?? null,
    scopes: scope === undefined ? null : scopesIn(scope),
    error: parameters.get('error') ?? null,
  }
}

/** The scopes of a list with spaces between them; what cannot be one is left out (RFC 6749 section 3.3). */
export function scopesIn(text: string): string[] {
  return fitScopes(text.split(' '))
}

/** Those that can be scopes, each once, at most a hundred. */
export function fitScopes(list: readonly string[]): string[] {
  return [...new Set(list.filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope)))].slice(0, 100)
}

type Parsed = { scheme: string; parameters: Map<string, string> }

function challenges(text: string): Parsed[] {
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) return null
    at = pattern.lastIndex
    return match[1] ?? match[0]
  }
  const all: Parsed[] = []
  for (;;) {
    take(commas)
    const name = take(word)?.toLowerCase()
    if (name === undefined) return all
    take(blank)
    const current = all.at(-1)
    if (text[at] !== '=' || !current) {
      all.push({ scheme: name, parameters: new Map() })
      continue
    }
    at++
    take(blank)
    const value = take(quoted)?.replaceAll(/\\(.)/g, '$1') ?? take(bare) ?? ''
    // The first one counts, whatever else somebody adds behind it.
    if (!current.parameters.has(name)) current.parameters.set(name, value)
  }
}
