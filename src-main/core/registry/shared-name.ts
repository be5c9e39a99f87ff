import { createHash } from 'node:crypto'

/**
 * Longest name that we give. Clients take 64 characters at most, some 60, and most put a word of their own and the name of
 * their entry in front of it, such as `mcp__toolgate__`.
 */
export const sharedNameLimit = 48

const separator = '__'
const hashLength = 12
const serverPart = 20
const short = /_[0-9a-f]{12}$/

/** One tool or prompt of one server. */
export type Named = { server: string; name: string }

type KnownServer = { name: string; tools: ReadonlyMap<string, unknown> }

/**
 * What a tool or prompt is called where all servers of a client come together: `<server>__<name>`, and where that is too long,
 * has other characters than clients take, or could be read in two ways, a cut form that ends in twelve hex digits of a hash of
 * both. It depends on nothing else, so it stays when servers come and go, and no two have the same (MCP, tools, tool names).
 */
export function sharedName({ server, name }: Named): string {
  const plain = `${server}${separator}${name}`
  return isPlain(server, name) && plain.length <= sharedNameLimit && !short.test(plain) ? plain : cut(server, name)
}

/** What a name means that was not cut; null for any other text. */
export function readSharedName(text: string): Named | null {
  const at = text.indexOf(separator)
  if (at < 0) return null
  const named = { server: text.slice(0, at), name: text.slice(at + separator.length) }
  return sharedName(named) === text ? named : null
}

/** True for the cut form, which a person or a model cannot read the whole name from. */
export function isCut(text: string): boolean {
  return short.test(text)
}

/**
 * The tool that a name means: of the server that it names, whether that has such a tool or not, or, for a cut name, one that
 * somebody reviewed. Null when it can mean none.
 */
export function toolNamed(servers: Iterable<KnownServer>, text: string): Named | null {
  const known = [...servers]
  if (!isCut(text)) {
    const named = readSharedName(text)
    return named && known.some(({ name }) => name === named.server) ? named : null
  }
  const all = known.flatMap(({ name: server, tools }) => [...tools.keys()].map((name) => ({ server, name })))
  const [found, ...more] = all.filter((named) => sharedName(named) === text)
  // Twelve digits of a hash can be met on purpose, with work: then neither is called.
  return found && more.length === 0 ? found : null
}

/** The first separator must be the one between the two. */
function isPlain(server: string, name: string): boolean {
  return /^[a-z0-9-]+(_[a-z0-9-]+)*$/i.test(server) && /^[a-z0-9_-]+$/i.test(name)
}

function cut(server: string, name: string): string {
  // As JSON, in which halves of surrogate pairs stay apart too.
  const hash = createHash('sha256')
    .update(JSON.stringify([server, name]))
    .digest('hex')
    .slice(0, hashLength)
  const begin = `${clean(server).slice(0, serverPart)}${separator}`
  return `${begin}${clean(name).slice(0, sharedNameLimit - begin.length - 1 - hashLength)}_${hash}`
}

function clean(text: string): string {
  return text.replaceAll(/[^a-z0-9_-]/gi, '_')
}
