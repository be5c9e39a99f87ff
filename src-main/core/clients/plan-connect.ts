import { isDeepStrictEqual } from 'node:util'
import { type ConfigDocument, type Place, UnreadableConfig, valueIn } from './documents/document.ts'
import { decodeConfig, encodeConfig, openDocument } from './documents/open-document.ts'
import { type ShimWords, shimChanges } from './entry-launch.ts'
import type { ConfigFile, KnownClient } from './known-client.ts'
import { type ConfigEntry, entriesOf } from './read-entries.ts'

/** The servers that a file's bytes name. Throws `UnreadableConfig`. */
export function readConfig(file: ConfigFile, client: KnownClient, bytes: Uint8Array): ConfigEntry[] {
  const { text } = decodeConfig(bytes)
  return entriesOf(file, client, openDocument(file.format, text).data)
}

/** What an entry becomes: the shim's words for it. */
export type Rewrite = { place: Place; shim: ShimWords }

/**
 * The bytes of a file once these entries start our shim; everything else in it stays, byte by byte. An entry at a place where
 * none is, is made. Throws `UnreadableConfig`, also when the result would not read exactly as meant.
 */
export function rewriteConfig(file: ConfigFile, bytes: Uint8Array, rewrites: readonly Rewrite[]): Buffer {
  return changeConfig(file, bytes, (data) =>
    rewrites.flatMap(({ place, shim }) => {
      const entry = valueIn(data, place)
      const changes = shimChanges(entry, file.shape, shim)
      return changes
        .filter(({ key, value }) => !isDeepStrictEqual(plain(valueIn(entry, [key])), plain(value)))
        .map(({ key, value }): KeyedChange => ({ place: [...place, key], value }))
    }),
  )
}

/** A value at a place; `undefined` takes out what is there. */
export type KeyedChange = { place: Place; value: unknown }

/** The bytes of a file after changes, which reads exactly as before but for them. Throws `UnreadableConfig`. */
export function changeConfig(
  file: ConfigFile,
  bytes: Uint8Array,
  changesOf: (data: unknown) => readonly KeyedChange[],
): Buffer {
  const { text, mark } = decodeConfig(bytes)
  const { data } = openDocument(file.format, text)
  const changes = changesOf(data)
  let after = text
  let expected = data
  for (const { place, value } of changes) {
    const document: ConfigDocument = openDocument(file.format, after)
    after = value === undefined ? document.remove(place) : document.set(place, value)
    expected = withValue(expected, place, value)
  }
  // INVARIANT: what is written reads as it was meant: whatever an editor of text gets wrong ends here.
  if (!isDeepStrictEqual(plain(openDocument(file.format, after).data ?? {}), plain(expected ?? {}))) {
    throw new UnreadableConfig('the file cannot be changed safely: change it by hand')
  }
  return encodeConfig({ text: after, mark })
}

/** Data with another value at a place; maps and lists on the way are made. */
function withValue(data: unknown, place: Place, value: unknown): unknown {
  const [step, ...rest] = place
  if (step === undefined) return value
  if (typeof step === 'number' && (Array.isArray(data) || data === undefined)) {
    const list: unknown[] = data ?? []
    const items = list.map((item, at) => (at === step ? withValue(item, rest, value) : item))
    if (step >= list.length) items.push(withValue(undefined, rest, value))
    return items.filter((item) => item !== undefined)
  }
  const map = typeof data === 'object' && data !== null ? data : {}
  const inner = withValue(
    Object.hasOwn(map, step) ? (map as Record<string | number, unknown>)[step] : undefined,
    rest,
    value,
  )
  const others = Object.entries(map).filter(([key]) => key !== String(step))
  return Object.fromEntries(inner === undefined ? others : [...others, [String(step), inner]])
}

/** The same values without the prototypes that a comparison would see. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]))
}
