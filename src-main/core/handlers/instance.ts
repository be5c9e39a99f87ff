import type { ShimLaunch } from '../../../shared/shim-launch.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { Reach } from '../approvals/reach.ts'
import type { AuditLog } from '../audit/log.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Http } from '../http/http.ts'
import type { OAuthServer } from '../oauth/server/oauth-server.ts'
import type { Observe } from '../observe/observe.ts'
import type { Paths } from '../ports.ts'
import type { Presence } from '../presence/presence.ts'
import type { Registry } from '../registry/registry.ts'
import { viewServer } from '../registry/view.ts'
import type { LiveSettings } from '../settings.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { Overrides } from '../stop/overrides.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import type { Streams } from '../streams/streams.ts'
import type { Servers } from '../upstream/servers.ts'
import { type IncidentHandlers, incidentHandlers } from './incidents.ts'
import type { Stop } from './open-stop.ts'
import { type OverrideHandlers, overrideHandlers, overrideViews } from './override.ts'
import type { RecordEvent } from './servers.ts'
import { type StopHandlers, stopHandlers } from './stop.ts'
import { type StreamHandlers, streamHandlers } from './streams.ts'

type InstanceHandlers = Pick<
  CoreHandlers,
  | 'status'
  | 'settings.show'
  | 'shutdown'
  | keyof StopHandlers
  | keyof IncidentHandlers
  | keyof OverrideHandlers
  | keyof StreamHandlers
>

type Deps = {
  version: string
  shim: ShimLaunch
  startedAt: string
  paths: Paths
  registry: Registry
  gateway: Gateway
  approvals: Approvals
  oauth: Pick<OAuthServer, 'consents'>
  audit: AuditLog
  snapshots: Snapshots
  presence: Presence
  http: Http
  servers: Servers
  settings: LiveSettings
  observe: Observe
  overrides: Overrides
  reach: Reach
  stop: Stop
  streams: Streams
  clients: ClientsTable
  user: string
  record: RecordEvent
  onShutdown: () => void
}

/** The instance as a whole: its state, its settings, what of it is stopped, and its end. */
export function instanceHandlers(deps: Deps): InstanceHandlers {
  const { registry, gateway, approvals, audit, snapshots, presence, record } = deps
  return {
    ...stopHandlers({ ...deps, ...deps.stop }),
    ...incidentHandlers({ ...deps, ...deps.stop }),
    ...overrideHandlers(deps),
    ...streamHandlers(deps),

    status: () => {
      const sessions = gateway.sessions()
      const halts = deps.stop.view()
      const policy = snapshots.view()
      const { entries, gap, writable } = audit.stats()
      return {
        version: deps.version,
        pid: process.pid,
        profile: deps.paths.profile,
        socket: deps.paths.socket,
        http: deps.http.address(),
        http_problem: deps.http.problem(),
        http_public: deps.http.publicAddress(),
        shim: deps.shim,
        started_at: deps.startedAt,
        stopped: halts.some(({ scope }) => scope === 'all'),
        halts,
        incidents: deps.stop.incidents.open(),
        overrides: overrideViews(deps.overrides, deps.clients),
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
        approvals: approvals.count(),
        apps: deps.oauth.consents.list().length,
        prompts: deps.reach.view(),
        reviews: registry.reviews(),
        unknown_servers: registry.unknown.view(),
        audit: { entries, gap, writable, streams: deps.streams.view() },
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

    'settings.show': () => deps.settings.view(),
  }
}
