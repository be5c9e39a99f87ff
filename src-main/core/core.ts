import { userInfo } from 'node:os'
import type { StoredEntry } from '../../shared/audit.ts'
import type { Settings } from '../../shared/settings.ts'
import type { ShimLaunch } from '../../shared/shim-launch.ts'
import { createActivity } from './activity/activity.ts'
import { mayChangeViews, noteAppended } from './activity/topics.ts'
import { openFace } from './aggregate/face.ts'
import { createAnswerReader } from './answers/answer-reader.ts'
import { notePeople } from './approvals/note-people.ts'
import { openApprovals } from './approvals/open-approvals.ts'
import { createReach } from './approvals/reach.ts'
import { createRefusedAnswers } from './approvals/refused-answers.ts'
import { type AuditLog, createAuditLog } from './audit/log.ts'
import { createChecks } from './constraints/create-checks.ts'
import { enforceableFor } from './constraints/enforceable.ts'
import { createChanges } from './control/changes.ts'
import type { CoreHandlers } from './control/handlers.ts'
import { createPages, type Pages } from './control/pages.ts'
import { serveControl } from './control/serve-control.ts'
import { createCredentials } from './envelope/credentials.ts'
import { protectedPaths, protectedPlaces } from './envelope/protected.ts'
import { controlLines } from './gateway/control-lines.ts'
import { createFallbacks } from './gateway/fallbacks.ts'
import { activityMeter, createGateway, ensureLinkKeys, secretLookup } from './gateway/gateway.ts'
import { claimProfile, listen } from './gateway/link.ts'
import { answerHandlers } from './handlers/answers.ts'
import { clientAccessHandlers } from './handlers/client-access.ts'
import { clientConfigHandlers } from './handlers/client-configs.ts'
import { consentHandlers } from './handlers/consents.ts'
import { instanceHandlers } from './handlers/instance.ts'
import { observeHandlers } from './handlers/observe.ts'
import { openOAuth } from './handlers/open-oauth.ts'
import { openStop } from './handlers/open-stop.ts'
import { pageHandlers } from './handlers/pages.ts'
import { clientHandlers, newLinkKey } from './handlers/people.ts'
import { policyHandlers } from './handlers/policy.ts'
import { openRelaxing } from './handlers/relaxing.ts'
import { runHandlers } from './handlers/runs.ts'
import { serverHandlers } from './handlers/servers.ts'
import { signInFace, signInHandlers } from './handlers/sign-ins.ts'
import { openStreams } from './handlers/streams.ts'
import { createHttp } from './http/http.ts'
import { alertNews, policyNews, registryNews, runNews, settingsNews, signInNews } from './news.ts'
import { createSignIns } from './oauth/client/sign-ins.ts'
import { createAskedBack } from './pipeline/asked-back.ts'
import type { Deps } from './pipeline/call.ts'
import { createContinuations } from './pipeline/continuations.ts'
import { createRequestReader } from './pipeline/request-reader.ts'
import type { Log, Ports } from './ports.ts'
import { clientOf } from './presence/client-of.ts'
import { createPresence } from './presence/presence.ts'
import { systemProcesses } from './presence/system-processes.ts'
import { openRegistry } from './registry/open-registry.ts'
import type { ToolUsage } from './registry/tool-usage.ts'
import { createHistory } from './risk/history.ts'
import { createLiveSettings } from './settings.ts'
import { watchSleep } from './sleep.ts'
import { openPolicy } from './snapshots/open-policy.ts'
import { clientEditsTable } from './store/client-edits.ts'
import { openDatabase } from './store/database.ts'
import { clientsTable, factsTable } from './store/registry-tables.ts'
import { replayTable } from './store/replay-table.ts'
import { historyTable } from './store/risk-tables.ts'
import { bridgeGenerations } from './upstream/bridge/bridge.ts'
import { createServers } from './upstream/servers.ts'
import { openVault } from './vault/open-vault.ts'

/**
 * What a host decides besides its ports. `path` is the PATH in which servers find their programs; `http` the port of the HTTP
 * door, 0 meaning any free one, or null for none.
 */
export type CoreConfig = {
  version: string
  settings: Settings
  /** Reads the settings again, to follow their file; throws what is wrong with it, or that it is gone. Absent: they stay as they are. */
  readSettings?: () => Settings
  starterPolicy: string
  path: string
  http: { port: number } | null
  /** What clients start to come in, up to the server's name. */
  shim: ShimLaunch
  onShutdown: () => void
}

/** A running gateway. `httpPort`: port of the HTTP door, null while shut. `idleMs`: how long no session came or went while none is open. */
export type Core = {
  handlers: CoreHandlers
  audit: AuditLog
  httpPort: number | null
  /** Serves the pages of the app, whose lines the host carries. */
  pages: Pages
  idleMs: () => number
  close: () => Promise<void>
}

/**
 * Builds every part once, starts them in order and answers callers from then on. Throws when the profile is in use, when its
 * database cannot be opened, or when the socket cannot be bound; then nothing is left running.
 */
export async function createCore(ports: Ports, config: CoreConfig): Promise<Core> {
  const { clock, paths, secrets, log, notify } = ports
  const user = userInfo().username
  const startedAt = new Date(clock.now()).toISOString()
  const cleanup: (() => unknown)[] = []
  const close = () => endAll(cleanup, log)

  try {
    // INVARIANT: the profile is ours before its database is opened: two writers would break the audit chain.
    const claim = await claimProfile(paths)
    cleanup.push(claim.release)
    const db = openDatabase(paths.database)
    cleanup.push(() => db.close())
    const changes = createChanges(clock)
    let [viewsChanged, restServers, connected] = [() => {}, () => {}, () => 0]
    const heard: ToolUsage['note'][] = []
    const onAppend = (entries: readonly StoredEntry[]) => {
      noteAppended(entries, changes)
      for (const hear of heard) hear(entries)
      if (mayChangeViews(entries)) viewsChanged()
    }
    const flushEvery = config.settings.flush_records === 'every'
    const audit = createAuditLog({ db, paths, secrets, clock, log, flushEvery, onAppend })
    cleanup.push(() => audit.close())
    const record = (event: string, detail: Record<string, unknown>) => {
      audit.append([{ kind: 'event', event, user_id: user, detail }])
    }

    ensureLinkKeys(secrets, newLinkKey)
    const [clients, facts] = [clientsTable(db), factsTable(db)]
    const { vault, values } = openVault({ folder: paths.vault, secrets, log })
    const settings = createLiveSettings({
      ...{ first: config.settings, file: paths.settings, read: config.readSettings ?? null, clock },
      ...settingsNews(record, notify, changes.teller('status'), log),
    })
    const { limits } = settings
    const calls = () => ({ gateway, approvals })
    const stop = openStop({ db, audit, clock, log, record, clients, notify, settings, heard, calls })
    const { registry, usage } = openRegistry({
      ...{ db, audit, values, settings, path: config.path, now: clock.now, onChange: registryNews(record, notify) },
    })
    heard.push(usage.note)
    const streams = openStreams({ db, audit, vault, clock, log, user, record, notify, changes, heard, cleanup })
    const { client_document: document } = config.settings
    const signIns = createSignIns({ vault, clock, log, document, ...signInNews(record, notify, changes) })
    const asked = openApprovals({
      ...{ db, audit, secrets, paths, clock, log, user, settings, record, cleanup, registry, notify, changes },
      // Policy is asked once all parts are there.
      ...{ clients, facts, snapshot: () => inForce() },
    })
    const { approvals, grants, tracer, contents, sparing, whoMay } = asked
    const reach = createReach({ clock, host: ports.prompts, pages: () => connected(), settings: settings.now })
    const policy = openPolicy({
      ...{ db, secrets, user, clock, log, record, starter: config.starterPolicy, path: config.path },
      ...{ folder: paths.policy, managedFolder: paths.managedPolicy },
      schemas: (server, tool) => registry.find(server)?.tools.get(tool)?.definition.inputSchema ?? null,
      onChange: () => {
        approvals.recheck()
        restServers()
        changes.topic('policy')
        changes.topic('status')
      },
      onEvent: policyNews(record, notify),
    })
    const { snapshots } = policy
    const observed = { registry, clients, snapshots, approvals, changes }
    const relaxing = openRelaxing({ ...observed, db, facts, incidents: stop.incidents, clock, log, record })
    const { observe, overrides } = relaxing
    cleanup.push(() => snapshots.close(), relaxing.close)
    const [places, inForce] = [protectedPlaces(paths), () => snapshots.current()]
    const servers = createServers({
      ...{ path: config.path, limits, clock, log, registry, onChange: changes.teller('servers', 'status') },
      ...{ open: values.open, authorize: signIns.authorizer, news: runNews(record, notify) },
      ...{ snapshot: inForce, places, record },
    })
    restServers = servers.supervisor.rest
    const idle = activityMeter(clock)
    const [checks, answers, requests] = [createChecks(clock), createAnswerReader(), createRequestReader(places)]
    const workingHours = () => settings.now().working_hours
    const history = createHistory({ table: historyTable(db), clock, log, workingHours })
    cleanup.push(...[settings, signIns, servers, history, checks, answers, requests].map(({ close }) => close))
    const deps: Deps = {
      ...{ audit, registry, approvals, grants, tracer, clock, log, user, sparing, whoMay },
      ...{ continuations: createContinuations(clock), askedBack: createAskedBack(clock, paths.database) },
      ...{ observe, history, confinement: servers.confinement },
      ...{ snapshot: inForce, haltOf: stop.halts.haltOf, overrides, credentialOf: createCredentials(clients) },
      holding: { settings: settings.now, reachable: reach.reachable },
      ...{ clientRevoked: clients.isRevoked, clientForeign: clients.isForeign },
      ...protectedPaths(places),
      probe: (point) => ports.probe?.(point),
      ...{ ...checks, requests, answers, contents, alert: alertNews(record, notify, clock) },
    }
    const processes = systemProcesses()
    const parentOf = async (pid: number) => (processes ? clientOf(processes, pid) : null)
    const doors = { clients, fallbacks: createFallbacks(clock), maxMessageBytes: limits.of('max_message_bytes') }
    const gateway = createGateway({
      ...{ ...deps, ...doors, parentOf, limits },
      start: bridgeGenerations(servers.supervisor.start, { generationOf: registry.generationOf, limits, clock, log }),
      openFace: (info, wire, inner) =>
        openFace(info, wire, inner, { ...deps, ...doors, limits, version: config.version }),
      onActivity: () => {
        idle.touch()
        changes.topic('status')
        changes.topic('clients')
      },
    })
    viewsChanged = () => {
      gateway.viewsChanged()
      relaxing.recheck()
    }
    const oauth = openOAuth({ ...ports, db, clients, registry, gateway, grants, settings, changes, record, inForce })
    const http = createHttp({ ...doors, gateway, registry, oauth, limits, clock, log, notify, event: record })
    const presence = createPresence({
      ...{ clock, pins: asked.pins, record, run: paths.run, processes, authenticate: ports.authenticate },
      governed: () => ({ servers: servers.pids(), clients: gateway.clientPids() }),
    })
    const { note: onRefused, close: noMoreRefused } = createRefusedAnswers({ clock, record, log })
    const activity = createActivity({
      audit,
      rulesOf: (hash) => snapshots.rulesOf(hash),
      inForce: () => inForce()?.hash ?? null,
    })
    const enforceable = (name: string) => enforceableFor(registry.find(name), servers.confinement, true).enforceable
    const handlers: CoreHandlers = notePeople(reach.seen, {
      ...serverHandlers({
        ...{ ...deps, gateway, servers, usage, record, path: config.path, ...signInFace(signIns, registry) },
      }),
      ...clientConfigHandlers({
        ...{ ...deps, edits: clientEditsTable(db), vault, secrets, clients, record, seen: history.hasCalled },
        ...{ shim: config.shim, profile: paths.profile, path: config.path, facts, notify, cleanup },
        ...{ onChange: changes.teller('clients') },
        addServer: (input, door) => handlers['servers.add'](input, door),
      }),
      ...signInHandlers({ registry, signIns, values, log, openUrl: ports.openUrl }),
      ...runHandlers({ registry, servers, record }),
      ...pageHandlers({ ...{ activity, approvals, registry, record, log }, ...ports }),
      ...policyHandlers({ ...asked, ...policy, audit, clock, user, clients, records: replayTable(db), enforceable }),
      ...observeHandlers({ observe, user, ...observed }),
      ...clientHandlers({ clients, secrets, gateway, clock, record, grants, forgetTokens: oauth.forget }),
      ...clientAccessHandlers({ ...policy, deps, registry, clients }),
      ...consentHandlers({ pipeline: deps, clients, oauth, user, record }),
      ...answerHandlers({ ...asked, db, audit, snapshots, clock, user, record, secrets, paths, changes, settings }),
      ...instanceHandlers({
        ...{ version: config.version, shim: config.shim, startedAt, paths, registry, gateway, approvals, overrides },
        ...{ audit, snapshots, presence, http, stop, clients, user, record, servers, settings, observe, reach },
        ...{ streams, oauth, onShutdown: config.onShutdown },
      }),
    })

    // From here on callers come in: everything that a crash left open is closed before.
    const interrupted = audit.closeInterrupted()
    record('gateway.started', { version: config.version, pid: process.pid, interrupted })
    cleanup.push(() => record('gateway.stopped', { pid: process.pid }), noMoreRefused)
    const listener = await listen({
      ...{ paths, log, clock, claim },
      secretOf: secretLookup(secrets, clients, log),
      onShim: gateway.admit,
      onControl: (link) => serveControl(controlLines(link, log), handlers, { presence, log, onRefused }),
    })
    cleanup.push(
      () => listener.close(),
      () => gateway.drop(() => true),
    )
    const pages = createPages({ handlers, presence, changes, rows: activity.rows, clock, log, onRefused })
    connected = pages.connected
    cleanup.push(pages.close, http.close, oauth.close)
    if (config.http) await http.open(config.http.port)
    cleanup.push(watchSleep(ports, wakes(log, [approvals.wake, servers.supervisor.wake, relaxing.recheck])))
    const idleMs = () => (gateway.clientSessions() === 0 ? idle.idleMs() : 0)
    return { handlers, audit, httpPort: http.port(), pages, idleMs, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What is looked at anew after this machine slept. */
function wakes(log: Log, parts: readonly (() => void)[]) {
  return (sleptMs: number | null) => {
    log.info('this machine slept', { sleptMs })
    for (const wake of parts) wake()
  }
}

/** Ends what was begun, the newest first. */
async function endAll(steps: (() => unknown)[], log: Log): Promise<void> {
  for (const step of steps.splice(0).reverse()) {
    try {
      await step()
    } catch (error) {
      // What comes after must end too: servers, the log, the lock.
      log.error('a part of the gateway could not end in order', { error: String(error) })
    }
  }
}
