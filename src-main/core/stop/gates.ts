import type { CallEntry, EventEntry, StoredEntry } from '../../../shared/audit.ts'
import { type GateName, type GateSettings, gates } from '../../../shared/gates.ts'
import type { HaltScope } from '../../../shared/stop.ts'
import type { Clock, Log } from '../ports.ts'

const minuteMs = 60_000
/** Changes of a server within so long are one: an update changes many tools at once. */
const burstMs = minuteMs
/** What the scan finds that is personal, and no secret. */
const personal: ReadonlySet<string> = new Set(['payment-card', 'us-ssn'])
/** Clients and servers that are counted at once; beyond, counting begins anew. */
const mostCounted = 10_000

/** What a gate stops, and why in words. */
export type Trip = { gate: GateName; scope: HaltScope; name: string; reason: string }

type Deps = {
  clock: Clock
  log: Log
  settings: () => GateSettings
  isHalted: (scope: HaltScope, name: string) => boolean
  /** Stops what a gate names, notifies and opens an incident. */
  trip: (trip: Trip) => void
}

/** Counts in the record what only goes wrong, and stops whose it is. It looks at what is committed, so that each trip can be shown. */
export function createGates({ clock, log, settings, isHalted, trip }: Deps) {
  /** Monotonic milliseconds by gate and name. */
  const counted = new Map<string, number[]>()

  function count(gate: GateName, of: string): void {
    const { on, count, minutes, halts } = settings()[gate]
    const { of: whose, words } = gates[gate]
    if (!on) return
    const [key, now] = [`${gate} ${of}`, clock.monotonic()]
    const times = (counted.get(key) ?? []).filter((at) => at > now - minutes * minuteMs)
    const last = times.at(-1)
    if (gate === 'definitions' && last !== undefined && last > now - burstMs) return
    if (!counted.has(key) && counted.size >= mostCounted) counted.clear()
    counted.set(key, [...times, now])
    if (times.length + 1 < count) return
    counted.delete(key)
    const scope = halts === 'all' || whose === null ? 'all' : whose
    const name = scope === 'all' ? '' : of
    if (isHalted(scope, name)) return
    const subject = whose === null || scope === whose ? '' : ` (${whose} \`${of}\`)`
    trip({ gate, scope, name, reason: `${count} ${words} within ${minutes} min${subject}` })
  }

  return {
    /** Hears of records that were just committed; never throws. What trips is stopped once these are dealt with. */
    note(entries: readonly StoredEntry[]): void {
      for (const entry of entries) {
        for (const [gate, of] of entry.kind === 'call' ? ofCall(entry) : ofEvent(entry)) {
          queueMicrotask(() => {
            try {
              count(gate, of)
            } catch (error) {
              log.error('a gate stopped something and could not record it', { gate, error: String(error) })
            }
          })
        }
      }
    },
  }
}

type Counted = readonly [gate: GateName, of: string]

/** Each call counts by its first decision; one that is stopped already says nothing new. */
function ofCall({ agent_id, arguments_hash, policy_decision, reason_code, findings = [] }: CallEntry): Counted[] {
  if (arguments_hash === undefined || reason_code === 'STOPPED' || reason_code === 'CLIENT_REFUSED') return []
  const secret = findings.some(({ where, rule }) => where === 'arguments' && !personal.has(rule))
  return [
    ...(reason_code === 'PROTECTED_PATH' ? [['protected_paths', agent_id] as const] : []),
    ...(policy_decision === 'DENY' ? [['denials', agent_id] as const] : []),
    ...(secret ? [['secrets', agent_id] as const] : []),
  ]
}

function ofEvent({ event, detail }: EventEntry): Counted[] {
  if (event === 'audit.gap' || event === 'audit.broken') return [['record', '']]
  const changed = event === 'tool.changed' || event === 'server.changed'
  return changed && typeof detail.server === 'string' ? [['definitions', detail.server]] : []
}
