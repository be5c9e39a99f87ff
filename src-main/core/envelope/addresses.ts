/** Schemes behind which readers of addresses take any slashes and backslashes for two (WHATWG URL, "special"). */
const lenient = /^(?:https?|wss?|ftp)$/i
const scheme = /\b[a-z][a-z0-9+.-]{1,20}$/i
const mark = /:[/\\]/g
const schemeCharacter = /[a-z0-9+.-]/i
const anySlashes = /[/\\]*/y

/** An address in prose ends where something around it closes, and in a list before the next one. */
const untilClosed = /(?:[^\s"'<>\\)\]},;|]|[,;|](?![a-z][a-z0-9+.-]{1,20}:[/\\])){1,2048}/iy
/** A host as sentences and shells end one: `https://a.example, or`, `https://a.example;ls`. */
const untilMark = /[^\s"'<>\\)\]},;|&`$!*^({/?#]{1,2048}/y
/** The same as a program may take it that is given a word, or one of a list. */
const untilBlank = /(?:[^\s",;|]|[,;|](?![a-z][a-z0-9+.-]{1,20}:[/\\])){1,2048}/iy
/** What of it says where it leads, which is read however long it is. */
const authority = /[^\s"/\\?#]*/y
/** The same to whom a backslash is no slash. */
const strictAuthority = /[^\s"/?#]{0,2048}/y
/** What a quote before an address is closed by: there the address ends in code and in prose, however words end. */
const closingQuotes: Readonly<Record<string, string>> = { "'": "'", '`': '`', '“': '”', '‘': '’', '«': '»' }
const longestQuoted = 2_048

/** What closes brackets, quotes and sentences around an address. */
const closing = /^['<>\\)\]},.;:!]*$/

const schemeOfAll = /[a-z][a-z0-9+.\t\n\r-]*:/iy
const anySlashesOfAll = /[/\\\t\n\r]*/y
const twoSlashesOfAll = /[\t\n\r]*\/[\t\n\r]*\//y

/**
 * Every reading of the addresses in a text by which a program may come to another host: as prose ends them, as words end, with backslashes
 * as slashes and not, and the text itself where it is an address from end to end. Of the others none is longer than what names its
 * host and 2,048 characters more.
 */
export function* addressesIn(text: string): Generator<string> {
  if (!text.includes(':')) return
  const whole = wholeAddress(text)
  if (whole !== null) {
    yield whole
    yield* strictReading(whole)
  }
  let end = 0
  for (let at = nextMark(text, 0); at >= 0; at = nextMark(text, Math.max(at + 2, end))) {
    const before = schemeBefore(text, at, end)
    const start = before === null ? -1 : behindSlashes(text, at, before)
    if (before === null || start < 0) continue
    const short = matchAt(untilClosed, text, start)
    const quoted = quotedAt(text, at - before.length - 1, start)
    end = start + (quoted ?? short).length
    if (quoted === null) yield* readings(text, start, `${before}://`, short)
    else {
      yield `${before}://${quoted}`
      if (short !== '' && short.length < quoted.length) yield `${before}://${short}`
    }
  }
}

/** `short` is the address as prose ends it. */
function* readings(text: string, start: number, before: string, short: string): Generator<string> {
  if (short !== '') yield before + short
  const host = matchAt(untilMark, text, start)
  if (host !== '' && host.length < short.length && !/[/?#]/.test(text[start + host.length] as string))
    yield before + host
  // A word that ends with it says nothing else.
  if (/^[\s"]?$/.test(text[start + short.length] ?? '')) return
  const where = matchAt(authority, text, start)
  const listed = matchAt(untilBlank, text, start)
  const long = where.length > listed.length && !/[,;|]/.test(text[start + listed.length] ?? '') ? where : listed
  if (!closing.test(long.slice(short.length))) yield before + long
  if (text[start + where.length] === '\\') yield* strictReading(before + matchAt(strictAuthority, text, start))
}

/**
 * An address that begins at `start`, behind a quote, as far as that quote is closed; null where it is none, or where the host might be
 * behind it all the same: what stands before an `@` is no host.
 */
function quotedAt(text: string, quote: number, start: number): string | null {
  const close = closingQuotes[text[quote] ?? '']
  if (close === undefined || matchAt(authority, text, start).includes('@')) return null
  const length = text.slice(start, start + longestQuoted).indexOf(close)
  const quoted = text.slice(start, start + Math.max(0, length))
  return length > 0 && !/[\s"\\]/.test(quoted) ? quoted : null
}

function nextMark(text: string, from: number): number {
  mark.lastIndex = from
  return mark.exec(text)?.index ?? -1
}

/** The scheme that ends at a mark, back from there: a pattern that begins with one would try at every character. */
function schemeBefore(text: string, at: number, from: number): string | null {
  if (at === from || !schemeCharacter.test(text[at - 1] as string)) return null
  return scheme.exec(text.slice(Math.max(from, at - 22), at))?.[0] ?? null
}

/** Where what follows the slashes begins; -1 when these are none to this scheme. */
function behindSlashes(text: string, at: number, before: string): number {
  if (lenient.test(before)) return at + 1 + matchAt(anySlashes, text, at + 1).length
  return text.startsWith('//', at + 1) ? at + 3 : -1
}

/** What those read to whom a backslash is no slash (RFC 3986): a name stands before it, and the host behind. None where that says the same. */
function* strictReading(reading: string): Generator<string> {
  const start = reading.indexOf('://') + 3
  const end = start + matchAt(strictAuthority, reading, start).length
  const name = reading.slice(start, reading.slice(0, end).lastIndexOf('@'))
  if (name.includes('\\'))
    yield reading.slice(0, start) + name.replaceAll('\\', '%5C') + reading.slice(start + name.length)
}

/**
 * The address that a text is from end to end, with two slashes: tabs and line breaks count for nothing (WHATWG URL), and blanks around
 * it to nobody. Null for other texts.
 */
function wholeAddress(text: string): string | null {
  let first = 0
  while (isBlank(text, first)) first++
  const named = matchAt(schemeOfAll, text, first)
  if (named === '') return null
  const before = unbroken(named)
  const slashes = lenient.test(before.slice(0, -1)) ? anySlashesOfAll : twoSlashesOfAll
  const found = matchAt(slashes, text, first + named.length)
  if (found === '' && slashes === twoSlashesOfAll) return null
  return `${before}//${unbroken(text.slice(first + named.length + found.length))}`.trimEnd()
}

function isBlank(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x20 || /\s/.test(text[at] ?? '')
}

function unbroken(text: string): string {
  return text.replaceAll(/[\t\n\r]/g, '')
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
