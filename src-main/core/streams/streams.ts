import { mostStreams, type StreamView } from '../../../shared/audit-stream.ts'
import { CallError } from '../../../shared/call-errors.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { AuditLog } from '../audit/log.ts'
import { startLine } from '../audit/start-line.ts'
import { start } from '../audit/walk.ts'
import { newId } from '../ids.ts'
import type { StreamRow, StreamsTable } from '../store/streams-table.ts'
import type { Vault } from '../vault/vault.ts'
import type { Target } from './collector.ts'
import { createStream, type Stream, type StreamDeps } from './stream.ts'

/** What the streams of a gateway work with. */
export type StreamsDeps = Omit<StreamDeps, 'headerOf' | 'audit' | 'table'> & {
  table: StreamsTable
  audit: Pick<AuditLog, 'at' | 'durable' | 'append'>
  vault: Vault
  /** Under whose account it runs. */
  user: string
}

/** Who does it, and through which door. */
export type By = { by: string; door: string }

/** Streams of records to collectors. What changes them is on record before it counts, in one transaction. */
export type Streams = {
  /** Throws `CallError` BAD_INPUT for a name that is taken, and for one stream too many. */
  add: (name: string, target: Target, fromStart: boolean, by: By) => StreamView
  /** Sends elsewhere or with another header, from where it is. Throws `CallError` NOT_FOUND. */
  set: (name: string, target: Target, by: By) => StreamView
  remove: (name: string, by: By) => void
  view: () => StreamView[]
  /** There may be something to send. */
  note: () => void
  close: () => void
}

/** What is kept in the vault: bound to where it goes, so that a database in which somebody wrote another address gives it to nobody. */
type Sealed = { url: string; header: string; value: string }

const secretName = (id: string) => `audit-stream/${id}`

/** Runs the streams that are kept. */
export function createStreams(deps: StreamsDeps): Streams {
  const { table, audit, vault, clock, user } = deps
  const streams = new Map<string, Stream>(table.all().map((row) => [row.name, begin(row)]))

  function begin(row: StreamRow): Stream {
    return createStream(row, { ...deps, headerOf })
  }

  function headerOf({ url, header, secret }: StreamRow): Target['header'] {
    if (header === null) return null
    const bytes = secret === null ? null : vault.get(secretName(secret))
    const sealed = bytes && (JSON.parse(bytes.toString()) as Sealed)
    if (sealed?.url !== url || sealed.header !== header) throw new ToolgateError('VAULT_UNREADABLE')
    return { name: header, value: sealed.value }
  }

  function need(name: string): Stream {
    const stream = streams.get(name)
    if (!stream) throw new CallError('NOT_FOUND', `no stream \`${name}\``, 'see `toolgate audit stream list`')
    return stream
  }

  /** Where a stream goes as it is kept: the value of its header in the vault, under a name that was never used. */
  function aimed({ url, reach, header }: Target) {
    const secret = header && newId('stream', clock.now())
    if (secret) {
      const sealed: Sealed = { url, header: header.name, value: header.value }
      vault.set(secretName(secret), Buffer.from(JSON.stringify(sealed)))
    }
    return { url, reach, header: header?.name ?? null, secret }
  }

  function forget({ secret }: Pick<StreamRow, 'secret'>): void {
    if (secret !== null) vault.delete(secretName(secret))
  }

  /** Records what is done and does it, or neither. */
  function commit(event: string, detail: Record<string, unknown>, also: () => void): void {
    audit.append([{ kind: 'event', event, user_id: user, detail }], also)
  }

  /** What was put into the vault for something that is not done is forgotten. */
  function orForget(aim: ReturnType<typeof aimed>, work: () => void): void {
    try {
      work()
    } catch (error) {
      forget(aim)
      throw error
    }
  }

  return {
    add(name, target, fromStart, by) {
      if (streams.has(name)) {
        const hint = 'change it with `toolgate audit stream set`, or choose another name'
        throw new CallError('BAD_INPUT', `there is a stream \`${name}\` already`, hint)
      }
      if (streams.size >= mostStreams) {
        throw new CallError('BAD_INPUT', `there are ${mostStreams} streams already`, 'remove one of them first')
      }
      const from = fromStart ? start : audit.at()
      const aim = aimed(target)
      const row: StreamRow = {
        ...{ name, ...aim, added_at: new Date(clock.now()).toISOString(), start: startLine(from) },
        ...{ sent: from.size, checkpoint: from.size, last_success: null, failing_since: null, told: 0 },
      }
      const detail = { stream: name, url: aim.url, reach: aim.reach, header: aim.header, first: from.size + 1, ...by }
      orForget(aim, () => commit('audit.stream_added', detail, () => table.add(row)))
      const stream = begin(row)
      streams.set(name, stream)
      stream.note()
      return stream.view()
    },

    set(name, target, by) {
      const before = need(name)
      const aim = aimed(target)
      const detail = { stream: name, url: aim.url, reach: aim.reach, header: aim.header, ...by }
      orForget(aim, () => commit('audit.stream_changed', detail, () => table.aim({ name, ...aim })))
      before.close()
      const stream = begin({ ...before.row(), ...aim })
      streams.set(name, stream)
      forget(before.row())
      stream.note()
      return stream.view()
    },

    remove(name, by) {
      const stream = need(name)
      const { url, sent } = stream.row()
      commit('audit.stream_removed', { stream: name, url, sent, ...by }, () => table.remove(name))
      stream.close()
      streams.delete(name)
      forget(stream.row())
    },

    view: () => [...streams.values()].map((stream) => stream.view()),
    note() {
      for (const stream of streams.values()) stream.note()
    },
    close() {
      for (const stream of streams.values()) stream.close()
    },
  }
}
