import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { ToolgateError } from '../../../shared/errors.ts'
import type { ClientEditRow } from '../store/client-edits.ts'
import type { Vault } from '../vault/vault.ts'
import { type FoundFile, hashOf, readConfigFile, removeConfigFile, replaceConfigFile } from './config-file.ts'
import { type Place, placeKey, valueIn } from './documents/document.ts'
import { decodeConfig, openDocument } from './documents/open-document.ts'
import type { ConfigFile } from './known-client.ts'
import { type DoneFile, undoConfig } from './undo-connect.ts'

/** What a changed file was, as the vault keeps it: it may hold keys. */
const Kept = z.strictObject({
  /** Base64 of its bytes; null when there was no file. */
  original: z.string().nullable(),
  /** Without `before` for what was not there. */
  rewrites: z.array(
    z.strictObject({
      place: z.array(z.union([z.string(), z.int()])),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
    }),
  ),
})

/** More than the longest configuration can come to. */
const mostKeptBytes = 64 * 1024 * 1024

const nameOf = (path: string) => `config/${path}`
const dataOf = (file: ConfigFile, bytes: Uint8Array) => openDocument(file.format, decodeConfig(bytes).text).data

/** Keeps what a file was, before it is changed to `after`. What was kept of it before counts on: undoing goes back behind both. */
export function keepOriginal(
  { vault, edits }: { vault: Vault; edits: { get: (path: string) => ClientEditRow | null } },
  { file, found, after, places }: { file: ConfigFile; found: FoundFile; after: Buffer; places: readonly Place[] },
): void {
  const row = edits.get(file.path)
  const earlier = row ? originalOf({ vault }, row) : null
  const base = earlier ? undoConfig(file, found.bytes, earlier).bytes : found.hash === null ? null : found.bytes
  const [before, now] = [base ? dataOf(file, base) : undefined, dataOf(file, after)]
  const all = [...(earlier?.rewrites ?? []).map(({ place }) => place), ...places]
  const once = new Map(all.map((place) => [placeKey(place), place])).values()
  const kept: z.infer<typeof Kept> = {
    original: base?.toString('base64') ?? null,
    rewrites: [...once].map((place) => ({
      ...{ place: [...place], before: valueIn(before, place), after: valueIn(now, place) },
    })),
  }
  // Some clients keep their history in the same file: megabytes of text, of which little is left when it is packed.
  vault.set(nameOf(file.path), gzipSync(JSON.stringify(kept)))
}

/** What a changed file was. Throws VAULT_UNREADABLE when that is lost. */
export function originalOf({ vault }: { vault: Vault }, row: ClientEditRow): DoneFile {
  const bytes = vault.get(nameOf(row.path))
  if (!bytes) throw new ToolgateError('VAULT_UNREADABLE')
  const text = gunzipSync(bytes, { maxOutputLength: mostKeptBytes }).toString()
  const { original, rewrites } = Kept.parse(JSON.parse(text))
  return {
    original: original === null ? null : Buffer.from(original, 'base64'),
    written: row.written,
    rewrites: rewrites.map(({ place, before, after }) => ({ place, before, after })),
  }
}

/** Takes a file back to what it was. Throws `FileChanged` when somebody writes it at that moment, and `UnreadableConfig`. */
export function takeBack(file: ConfigFile, done: DoneFile): { exact: boolean; left: Place[] } {
  const found = readConfigFile(file.path)
  const { bytes, exact, left } = undoConfig(file, found.bytes, done)
  if (bytes === null) removeConfigFile(found)
  else if (found.hash !== hashOf(bytes)) replaceConfigFile(found, bytes)
  return { exact, left }
}

/** Forgets what a file was. */
export function forgetOriginal({ vault }: { vault: Vault }, path: string): void {
  vault.delete(nameOf(path))
}
