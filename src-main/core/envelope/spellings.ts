import { homedir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** Variables that lead to folders of this user; a server or its shell fills them in. */
const variable =
  /\$\{?(?:env:)?(HOME|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|XDG_[A-Z]+_(?:HOME|DIR)|TOOLGATE_PROFILE)\b(?::?-[^}]*)?\}?|%(HOME|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|TOOLGATE_PROFILE)%/gi

/** `text` with the variables of this user's folders filled in; others are left as they are. */
export function filled(text: string): string {
  if (!text.includes('$') && !text.includes('%')) return text
  let home: string | null = null
  return text.replace(variable, (whole, plain: string | undefined, percent: string | undefined) => {
    const name = (plain ?? percent ?? '').toUpperCase()
    if (name !== 'HOME' && name !== 'USERPROFILE') return process.env[name] ?? whole
    home ??= homedir()
    return home
  })
}

/** The name of this user, once it was needed: the system takes its time to tell. */
let ownName: string | null = null

/** `~` and `~name` at the beginning, as a shell reads them; homes of other users are taken to lie beside this one. */
function untilded(text: string): string {
  if (!text.startsWith('~')) return text
  const name = /^~([\w.-]*)(?=[/\\]|$)/.exec(text)
  if (!name) return text
  ownName ??= userInfo().username
  const own = name[1] === '' || name[1] === ownName
  return (own ? homedir() : join(dirname(homedir()), name[1] as string)) + text.slice(name[0].length)
}

/** The first reading of a text as a path: variables and `~` filled in, cut where a C program would stop. */
export function spelled(text: string): string {
  const end = text.indexOf('\0')
  return untilded(filled(end < 0 ? text : text.slice(0, end)))
}

/** Percent-decodes whatever can be decoded, invalid sequences and all: `%2F` is a slash to the one who decodes late. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    const first = Number.parseInt(bytes.slice(1, 3), 16)
    if (bytes.length === 3 && first < 0x80) return String.fromCharCode(first)
    return Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8')
  })
}

const url = /^([a-z][a-z0-9+.-]+):([/\\]*)([\s\S]*)$/i

/** The path that a `file:` URL means, without its host; null when `text` is no such URL. */
export function fileUrlPath(text: string): string | null {
  if (!/^file:/i.test(text)) return null
  const [, scheme, slashes, rest = ''] = url.exec(text) ?? []
  if (scheme?.toLowerCase() !== 'file' || slashes === undefined) return null
  const path = slashes.length === 2 ? rest.replace(/^[^/\\]*/, '') : slashes.slice(0, 1) + rest
  return decoded(path.replace(/[?#].*$/s, '')).replace(/^[/\\](?=[a-z]:)/i, '')
}

/**
 * Further readings of `text` (as `spelled` gives it) that some program may take: percent-decoded, with the other slash, and the
 * parts of a URL behind its scheme and behind its host. `web` says that an address with a host is no more than an address.
 */
export function furtherSpellings(text: string, web: boolean): string[] {
  if (!/[%\\]|^[a-z][a-z0-9+.-]*:/i.test(text)) return []
  const found = new Set([text])
  if (text.includes('%')) found.add(decoded(text)).add(decoded(decoded(text)))
  for (const each of [...found]) {
    const [, , slashes = '', rest] = url.exec(each) ?? []
    if (rest === undefined || (web && isWebAddress(text))) continue
    const behindHost = slashes.length === 2 ? [rest.replace(/^[^/\\]*/, '')] : []
    for (const part of [rest, `/${rest}`, ...behindHost]) found.add(part).add(part.replace(/[?#].*$/s, ''))
  }
  for (const each of [...found]) if (each.includes('\\')) found.add(each.replaceAll('\\', '/'))
  found.delete(text)
  found.delete('')
  return [...found].map(spelled)
}

/** An address on the web, with a host. `https:/x` is none: to a file system it is a folder. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^/\\\s.]/i.test(text)
}
