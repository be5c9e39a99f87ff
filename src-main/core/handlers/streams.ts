import type { StoredEntry } from '../../../shared/audit.ts'
import type { AskedTarget } from '../../../shared/audit-stream.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { Changes } from '../control/changes.ts'
import { type CoreHandlers, type Door, nameAt } from '../control/handlers.ts'
import { auditReader } from '../store/audit-table.ts'
import type { Db } from '../store/database.ts'
import { streamsTable } from '../store/streams-table.ts'
import type { Target } from '../streams/collector.ts'
import { createStreams, type Streams, type StreamsDeps } from '../streams/streams.ts'
import { AddressRefused } from '../upstream/http/address-guard.ts'
import { registeredAddress } from '../upstream/http/registered-address.ts'

/** The calls about streams of records. */
export type StreamHandlers = Pick<CoreHandlers, 'audit.stream_add' | 'audit.stream_set' | 'audit.stream_remove'>

type Opening = Omit<StreamsDeps, 'table' | 'stored' | 'changed' | 'chance'> & {
  db: Db
  changes: Changes
  /** Hear of every record. */
  heard: ((entries: readonly StoredEntry[]) => void)[]
  cleanup: (() => unknown)[]
}

/** The streams of this gateway, told of each record. */
export function openStreams({ db, changes, heard, cleanup, ...deps }: Opening): Streams {
  const streams = createStreams({
    ...{ ...deps, table: streamsTable(db), stored: auditReader(db) },
    ...{ changed: changes.teller('status'), chance: Math.random },
  })
  heard.push(streams.note)
  cleanup.push(streams.close)
  return streams
}

/** Adding, changing and ending streams, for a person who proved to be there. */
export function streamHandlers({ streams, user }: { streams: Streams; user: string }): StreamHandlers {
  const by = (door: Door) => ({ by: nameAt(door, user), door: door.name })
  return {
    'audit.stream_add': async ({ name, from_start, ...asked }, door) =>
      streams.add(name, await targetOf(asked), from_start, by(door)),
    'audit.stream_set': async ({ name, ...asked }, door) => streams.set(name, await targetOf(asked), by(door)),
    'audit.stream_remove': ({ name }, door) => {
      streams.remove(name, by(door))
      return {}
    },
  }
}

/** Where lines would go, and where its host leads now. Throws `CallError` BAD_INPUT when they may not. */
async function targetOf({ url, header }: AskedTarget): Promise<Target> {
  try {
    const headers = header ? { [header.name]: header.value } : {}
    const found = await registeredAddress({ transport: 'http', url, headers })
    return { url: found.url, reach: found.reach, header }
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error
    throw new CallError('BAD_INPUT', error.message, 'give the address that the collector says, `https://host/…`')
  }
}
