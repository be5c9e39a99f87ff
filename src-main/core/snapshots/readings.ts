import { createHmac, timingSafeEqual } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { ReadPolicy } from '../policy/parse.ts'
import type { PolicyFile } from '../policy/rule.ts'
import { isTestFile } from '../policy/tests/test-file.ts'
import { readYaml, type YamlReading, type YamlSource } from '../policy/yaml-source.ts'
import type { Log, Secrets } from '../ports.ts'
import { secretKey } from '../secret-key.ts'
import type { Db } from '../store/database.ts'
import { type ReadingRow, readingsTable } from '../store/readings-table.ts'

/** What reads files now; what another one read is read anew. */
export const reader = 'yaml 2.9.1'
const keyName = 'policy-readings-key'

/** A file as data, and the places in its text that were asked for, by what was asked. */
type Reading = { value: unknown; places: Record<string, number> }

/** `json`: the value as it is kept; null where JSON cannot hold it, such as `.nan`. */
type Fresh = { json: string | null; places: Reading['places'] }

/** `read`: as `readYaml`, from what was kept where it was. `keep`: what the next start needs, and nothing else. */
export type Readings = { read: ReadPolicy; keep: (files: readonly PolicyFile[]) => void }

/**
 * Keeps what the files in force say as data, since to read their YAML takes longer than the rest of a start. INVARIANT: what counts is the
 * text: a reading that this instance did not write for exactly this text is passed over, so that nobody who can only write to the database
 * makes a policy decide otherwise than it reads.
 */
export function createReadings(deps: {
  db: Db
  secrets: Secrets
  log: Log
  sha256: (text: string) => string
}): Readings {
  const { secrets, log, sha256 } = deps
  const table = readingsTable(deps.db)
  /** What was read since the start, until it is kept; a file that nobody holds any more is forgotten. */
  const fresh = new WeakMap<PolicyFile, Fresh>()

  function sealOf({ hash, content }: Pick<ReadingRow, 'hash' | 'content'>, key: Buffer): Buffer {
    return createHmac('sha256', key)
      .update(JSON.stringify([hash, reader, content]))
      .digest()
  }

  function keptOf(hash: string): Reading | null {
    try {
      const [row, key] = [table.get(hash), secrets.get(keyName)]
      if (!row || !key || row.reader !== reader) return null
      const seal = sealOf(row, key)
      if (row.seal.length === seal.length && timingSafeEqual(row.seal, seal)) return JSON.parse(row.content) as Reading
      log.warn('what was kept of a policy file was not written by this instance, so the file is read', { hash })
    } catch (error) {
      log.warn('what was kept of a policy file cannot be used, so the file is read', { error: String(error) })
    }
    return null
  }

  function read(file: PolicyFile): YamlReading {
    const kept = keptOf(sha256(file.text))
    let whole: YamlReading | null = kept ? null : readYaml(file.text)
    if (whole && !whole.source) return whole
    const reading: Reading = kept ?? { value: whole?.source?.value, places: {} }
    if (!kept) fresh.set(file, { json: exactJson(reading.value), places: reading.places })
    const place = (asked: readonly unknown[], look: (source: YamlSource) => number): number => {
      const key = JSON.stringify(asked)
      const known = Object.hasOwn(reading.places, key) ? reading.places[key] : undefined
      if (known !== undefined) return known
      whole ??= readYaml(file.text)
      const found = whole.source ? look(whole.source) : 0
      reading.places[key] = found
      return found
    }
    const source: YamlSource = {
      value: reading.value,
      offsetOf: (path) => place([path], (it) => it.offsetOf(path)),
      offsetOfKey: (path, key) => place([path, 'key', key], (it) => it.offsetOfKey(path, key)),
      offsetIn: (path, index) => place([path, 'in', index], (it) => it.offsetIn(path, index)),
    }
    return { source, findings: [] }
  }

  function rowOf(file: PolicyFile, hash: string): ReadingRow | null {
    const { json, places } = fresh.get(file) ?? { json: null, places: {} }
    if (json === null) return null
    const content = `{"value":${json},"places":${JSON.stringify(places)}}`
    return { hash, reader, content, seal: sealOf({ hash, content }, secretKey(secrets, keyName)) }
  }

  return {
    read,
    keep(files) {
      try {
        const named = files.filter(({ path }) => !isTestFile(path)).map((file) => ({ file, hash: sha256(file.text) }))
        const rows = named.map(({ file, hash }) => rowOf(file, hash)).filter((row) => row !== null)
        table.keepOnly(
          named.map(({ hash }) => hash),
          rows,
        )
        for (const { file } of named) fresh.delete(file)
      } catch (error) {
        log.warn('what the policy files say could not be kept, so the next start takes longer', {
          error: String(error),
        })
      }
    },
  }
}

/** A value as JSON that gives exactly this value back; null when there is none. */
function exactJson(value: unknown): string | null {
  const json = JSON.stringify(value)
  return isDeepStrictEqual(JSON.parse(json), value) ? json : null
}
