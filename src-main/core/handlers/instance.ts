import { ToolgateError } from '../../../shared/errors.ts'
import type { ShimLaunch } from '../../../shared/shim-launch.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { Reach } from '../approvals/reach.ts'
import type { AuditLog } from '../audit/log.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Http } from '../http/http.ts'
import type { Observe } from '../observe/observe.ts'
import type { Paths } from '../ports.ts'
import type { Presence } from '../presence/presence.ts'
import type { Registry } from '../registry/registry.ts'
import { viewServer } from '../registry/view.ts'
import type { LiveSettings } from '../settings.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { FactsTable } from '../store/registry-tables.ts'
import type { Servers } from '../upstream/servers.ts'
import type { RecordEvent } from './servers.ts'

type InstanceHandlers = Pick<CoreHandlers, 'status' | 'settings.show' | 'shutdown' | 'stop' | 'resume'>

type Deps = {
  version: string
  shim: ShimLaunch
  startedAt: string
  paths: Paths
  registry: Registry
  gateway: Gateway
  approvals: Approvals
  audit: AuditLog
  snapshots: Snapshots
  presence: Presence
  http: Http
  servers: Servers
  settings: LiveSettings
  observe: Observe
  reach: Reach
  stop: Stop
  record: RecordEvent
  onShutdown: () => void
}

/** The switch that halts everything. `set` takes effect at once, `save` makes it last; saving can fail. */
export type Stop = { stopped: () => boolean; set: (stopped: boolean) => void; save: (stopped: boolean) => void }

/** Whether everything is stopped; it stays so across a restart, until a person resumes it. */
export function stopSwitch(facts: FactsTable): Stop {
  let stopped = facts.get('stopped') !== null
  return {
    stopped: () => stopped,
    set(value) {
      stopped = value
    },
    save(value) {
      if (value) facts.set('stopped', 'yes')
      else facts.remove('stopped')
    },
  }
}

/** The instance as a whole: its state, and the switch that halts everything. */
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
        http: deps.http.address(),
        http_problem: deps.http.problem(),
        shim: deps.shim,
        started_at: deps.startedAt,
        stopped: stop.stopped(),
        servers: registry
          .list()
          .map((server) => viewServer(server))
          .map(({ name, state, tools }) => ({
            ...{ name, state, tools: tools.length, runs: deps.servers.runs.stateOf(name) },
            sessions: sessions.filter(({ serverName }) => serverName === name).length,
          })),
        policy: {
          snapshot: policy.snapshot,
          since: policy.since,
          rules: policy.rules.length,
          problems: policy.problems.length,
          waiting: policy.waiting !== null,
        },
        observing: deps.observe.view(),
        observe_ended: deps.observe.ended(),
        approvals: approvals.list().length,
        prompts: deps.reach.view(),
        reviews: registry.reviews(),
        unknown_servers: registry.unknown.view(),
        audit: { entries, gap, writable },
        presence_enrolled: presence.enrolled(),
        presence_lost: presence.lost(),
        settings_problem: deps.settings.view().problem,
        sessions: gateway.clientSessions(),
      }
    },

    shutdown: (_input, door) => {
      // The answer leaves first: ending closes every connection, this caller's included. It ends also when that cannot be recorded.
      setImmediate(deps.onShutdown)
      record('gateway.shutdown_asked', { door: door.name, pid: door.pid })
      return {}
    },

    // Stopping comes first, and is saved and recorded after: a full disk must not keep anyone from stopping.
    stop: ({ reason }, door) => {
      stop.set(true)
      gateway.halt()
      approvals.cancelAll()
      try {
        stop.save(true)
        record('stopped', { reason, door: door.name })
      } catch (error) {
        throw new ToolgateError('AUDIT_UNWRITABLE', 'everything is stopped, but only until Toolgate ends', {
          cause: error,
        })
      }
      return {}
    },

    resume: (_input, door) => {
      record('resumed', { door: door.name })
      stop.save(false)
      stop.set(false)
      return {}
    },

    'settings.show': () => deps.settings.view(),
  }
}
