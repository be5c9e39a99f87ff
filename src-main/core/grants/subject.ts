import type { GrantBound } from '../../../shared/approval.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import type { Kind } from '../../../shared/traffic.ts'
import { plainHost } from '../envelope/hosts.ts'

/** All that grants look at of a call. */
export type GrantSubject = {
  kind: Kind
  /** `tenant`: for whom it works, empty for nobody in particular. */
  client: { id: string; name: string; tenant: string }
  /** The client proved its entry; a name that is only claimed is changed at will. */
  known: boolean
  server: string
  tool: string
  action: Envelope['tool']['action']
  fingerprint: string
  /** One hash over what the call is, in whatever session it comes. */
  callHash: string
  lineage: string
  args: Record<string, unknown>
  /** Every path and host that any part of the call names. */
  paths: readonly string[]
  hosts: readonly string[]
  /** The call was read to its end, holds no secret that was found, and nothing beside its arguments. */
  plain: boolean
  snapshot: string
  /** Paths that one argument alone may mean, by its key. */
  pathsOf: (key: string, text: string) => readonly string[]
}

/** An argument that is no object and no list, or an empty one, with its place as a JSON pointer. */
export type Leaf = { at: string; key: string; value: unknown }

const most = { leaves: 64, depth: 16 }
/** Texts that a tool writes down or sends as they are; what they name is looked at apart. */
const contents: ReadonlySet<string> = new Set([
  ...['content', 'contents', 'text', 'body', 'message', 'newText', 'oldText', 'new_text', 'old_text'],
  ...['new_string', 'old_string', 'new_str', 'old_str', 'file_text'],
])

/** Whether a bounded grant leaves this argument free: the content that is written. */
export function isContent({ key, value }: Leaf): boolean {
  return contents.has(key) && typeof value === 'string'
}

/** Every argument; null when there are more than anybody would bound. */
export function leavesOf(args: Record<string, unknown>): Leaf[] | null {
  const leaves: Leaf[] = []
  const visit = (value: unknown, at: string, key: string, depth: number): boolean => {
    if (leaves.length > most.leaves || depth > most.depth) return false
    const members = typeof value === 'object' && value !== null ? Object.entries(value) : []
    if (members.length === 0) {
      leaves.push({ at, key, value })
      return true
    }
    // An item of a list is read like the list: `paths: ["a"]`.
    const inList = Array.isArray(value)
    return members.every(([name, item]) => visit(item, `${at}/${escaped(name)}`, inList ? key : name, depth + 1))
  }
  const complete = Object.entries(args).every(([name, item]) => visit(item, `/${escaped(name)}`, name, 1))
  return complete && leaves.length <= most.leaves ? leaves : null
}

/** RFC 6901. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The host, with its port, of a text that is nothing but a plain web address; null for anything that could be read otherwise. */
export function hostOf(text: string): string | null {
  if (!/^https?:\/\/[a-z0-9.-]+(?::\d+)?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?$/i.test(text)) return null
  const url = URL.parse(text)
  return url?.hostname ? plainHost(url.hostname) + (url.port === '' ? '' : `:${url.port}`) : null
}

/** Bounds in words, such as `under ~/src, mode = "x"`. */
export function boundsInWords(bounds: readonly GrantBound[]): string {
  return bounds.map(({ at, is, value }) => wordsOf[is](at.slice(1), value)).join(', ')
}

const wordsOf = {
  under: (_at: string, value: string) => `under ${value}`,
  host: (_at: string, value: string) => `at ${value}`,
  equals: (at: string, value: string) => `${at} = ${value}`,
}
