import type { Approvals } from '../approvals/queue.ts'
import type { AuditLog } from '../audit/log.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Paths } from '../ports.ts'
import type { Presence } from '../presence/presence.ts'
import { type Registry, viewServer } from '../registry/registry.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { FactsTable } from '../store/registry-tables.ts'
import type { RecordEvent } from './servers.ts'

type InstanceHandlers = Pick<CoreHandlers, 'status' | 'shutdown' | 'stop' | 'resume' | 'policy.show' | 'policy.confirm'>

type Deps = {
  version: string
  startedAt: string
  paths: Paths
  registry: Registry
  gateway: Gateway
  approvals: Approvals
  audit: AuditLog
  snapshots: Snapshots
  presence: Presence
  stop: Stop
  user: string
  record: RecordEvent
  onShutdown: () => void
}

/** The switch that halts everything. */
export type Stop = { stopped: () => boolean; set: (stopped: boolean) => void }

/** Whether everything is stopped; it stays so across a restart, until a person resumes it. */
export function stopSwitch(facts: FactsTable): Stop {
  let stopped = facts.get('stopped') !== null
  return {
    stopped: () => stopped,
    set(value) {
      if (value) facts.set('stopped', 'yes')
      else facts.remove('stopped')
      stopped = value
    },
  }
}

/** The instance as a whole: its state, its policy, and the switch that halts everything. */
export function instanceHandlers(deps: Deps): InstanceHandlers {
  const { registry, gateway, approvals, audit, snapshots, presence, stop, record } = deps
  return {
    status: () => {
      const sessions = gateway.sessions()
      const policy = snapshots.view()
      const { entries, gap, writable } = audit.stats()
      return {
        version: deps.version,
        pid: process.pid,
        profile: deps.paths.profile,
        socket: deps.paths.socket,
        started_at: deps.startedAt,
        stopped: stop.stopped(),
        servers: registry
          .list()
          .map(viewServer)
          .map(({ name, state, tools }) => ({
            ...{ name, state, tools: tools.length },
            sessions: sessions.filter(({ serverName }) => serverName === name).length,
          })),
        policy: {
          snapshot: policy.snapshot,
          rules: policy.rules.length,
          problems: policy.problems.length,
          waiting: policy.waiting !== null,
        },
        approvals: approvals.list().length,
        audit: { entries, gap, writable },
        presence_enrolled: presence.enrolled(),
        sessions: sessions.length,
      }
    },

    shutdown: (_input, door) => {
      record('gateway.shutdown_asked', { door: door.name, pid: door.pid })
      // The answer leaves first: ending closes every connection, this caller's included.
      setImmediate(deps.onShutdown)
      return {}
    },

    // Stopping comes first and is recorded after: a full disk must not keep anyone from stopping.
    stop: ({ reason }, door) => {
      stop.set(true)
      gateway.halt()
      record('stopped', { reason, door: door.name })
      approvals.cancelAll()
      return {}
    },

    resume: (_input, door) => {
      record('resumed', { door: door.name })
      stop.set(false)
      return {}
    },

    'policy.show': () => snapshots.view(),
    'policy.confirm': ({ hash }) => snapshots.confirm(hash, deps.user),
  }
}
