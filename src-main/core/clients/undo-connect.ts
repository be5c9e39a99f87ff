import { isDeepStrictEqual } from 'node:util'
import { hashOf } from './config-file.ts'
import { type Place, valueIn } from './documents/document.ts'
import { decodeConfig, openDocument } from './documents/open-document.ts'
import type { ConfigFile } from './known-client.ts'
import { changeConfig, type KeyedChange, plain } from './plan-connect.ts'

/** What connecting made of an entry: its values before, none for an entry that was made, and after. */
export type DoneRewrite = { place: Place; before: unknown; after: unknown }

/** What connecting did to a file: the bytes it had, null when there was none, and the hash of what was written. */
export type DoneFile = { original: Buffer | null; written: string; rewrites: readonly DoneRewrite[] }

/**
 * The bytes that take a file back: exactly those it had when nobody changed it since, null to take it away; else the file as it is
 * now with our entries as they were before. `left`: entries that are no longer as we wrote them, which stay. Throws
 * `UnreadableConfig`.
 */
export function undoConfig(
  file: ConfigFile,
  now: Uint8Array,
  { original, written, rewrites }: DoneFile,
): { bytes: Buffer | null; exact: boolean; left: Place[] } {
  if (hashOf(now) === written) return { bytes: original, exact: true, left: [] }
  const { data } = openDocument(file.format, decodeConfig(now).text)
  const moved = rewrites.map((rewrite) => (isAddedToList(rewrite) ? whereNow(data, rewrite) : rewrite))
  const isOurs = (it: DoneRewrite) => isAddedToList(it) || startsAs(file, valueIn(data, it.place), it.after)
  const ours = moved.filter((it) => it !== null && isOurs(it)) as DoneRewrite[]
  const bytes = changeConfig(file, now, () => ours.flatMap(back))
  const left = rewrites.filter((_, at) => !ours.includes(moved[at] as DoneRewrite)).map(({ place }) => place)
  return { bytes, exact: false, left }
}

/** Lists move: what was added to one is found by what it is, not by where it was. */
const isAddedToList = ({ place, before }: DoneRewrite) => before === undefined && typeof place.at(-1) === 'number'

function whereNow(data: unknown, rewrite: DoneRewrite): DoneRewrite | null {
  const list = rewrite.place.slice(0, -1)
  const items = valueIn(data, list)
  const at = Array.isArray(items) ? items.findIndex((item) => isSame(item, rewrite.after)) : -1
  return at === -1 ? null : { ...rewrite, place: [...list, at] }
}

/** Whether two values of a file say the same, in whatever order their keys stand. */
const isSame = (one: unknown, other: unknown) => isDeepStrictEqual(plain(one), plain(other))

/** Whether an entry still starts what another one does. */
function startsAs(file: ConfigFile, entry: unknown, other: unknown): boolean {
  const { command, args } = file.shape
  const keys = args === null ? [command] : [command, args]
  return entry !== undefined && keys.every((key) => isDeepStrictEqual(valueIn(entry, [key]), valueIn(other, [key])))
}

/** The changes that make an entry what it was; keys that neither had are somebody else's and stay. */
function back({ place, before, after }: DoneRewrite): KeyedChange[] {
  if (before === undefined) return [{ place, value: undefined }]
  const keys = new Set([...Object.keys(after as object), ...Object.keys(before as object)])
  return [...keys]
    .map((key) => ({ key, was: valueIn(before, [key]), is: valueIn(after, [key]) }))
    .filter(({ was, is }) => !isDeepStrictEqual(was, is))
    .map(({ key, was }) => ({ place: [...place, key], value: was }))
}
