import { createHmac } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'
import type { Log, Secrets } from '../ports.ts'
import type { AskedTrace } from '../replay/picture.ts'
import { secretKey } from '../secret-key.ts'
import { type GrantSubject, hostOf, isContent, leavesOf } from './subject.ts'

const keyName = 'argument-digests'
/** Characters of a digest that are kept: 96 bits. */
const kept = 16

/** What of a call is kept so that it can be told later which offers would have covered it, and digests to compare it with. */
export type Tracer = ReturnType<typeof createTracer>

/**
 * Digests under a key that lies apart from the record, so that whoever has the record alone cannot try out what arguments were: a
 * plain hash of a short value is found by guessing. Making one throws when the store of secrets refuses.
 */
export function createTracer({ secrets, log }: { secrets: Secrets; log: Log }) {
  let known: Buffer | null = null
  const key = (): Buffer => {
    known ??= secretKey(secrets, keyName)
    return known
  }
  const digest = (kind: string, ...parts: readonly string[]): string =>
    createHmac('sha256', key())
      .update(canonicalJson([kind, ...parts]))
      .digest('base64url')
      .slice(0, kept)

  const tracer = {
    call: (callHash: string) => digest('call', callHash),
    session: (lineage: string) => digest('session', lineage),
    place: (at: string) => digest('place', at),
    /** Of an argument and the JSON text of its value. */
    value: (at: string, text: string) => digest('value', at, text),
    host: (at: string, host: string) => digest('host', at, host),

    /** What is kept of a call that a person is asked about; null where that cannot be made, which nothing waits for. */
    traceOf(call: GrantSubject): AskedTrace | null {
      try {
        return traced(call, tracer)
      } catch (error) {
        log.error('what a call was cannot be kept for the previews of grants', { error: String(error) })
        return null
      }
    },
  }
  return tracer
}

type Digests = Record<'call' | 'session' | 'place', (text: string) => string> &
  Record<'value' | 'host', (at: string, text: string) => string>

function traced(call: GrantSubject, digests: Digests): AskedTrace {
  const leaves = call.plain ? leavesOf(call.args) : null
  return {
    ...{ call: digests.call(call.callHash), session: digests.session(call.lineage), plain: call.plain },
    leaves:
      leaves?.map((leaf) => {
        const { at, key, value } = leaf
        const text = typeof value === 'string' ? value : null
        const host = text === null ? null : hostOf(text)
        const named = text === null || host !== null ? [] : call.pathsOf(key, text)
        const paths = named.map((path) => call.paths.indexOf(path))
        return {
          ...{ at: digests.place(at), value: digests.value(at, JSON.stringify(value)) },
          ...(host === null ? {} : { host: digests.host(at, host) }),
          ...(paths.length === 0 ? {} : { paths }),
          ...(isContent(leaf) ? { free: true as const } : {}),
        }
      }) ?? null,
  }
}
