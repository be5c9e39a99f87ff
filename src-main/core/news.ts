import type { Alert } from '../../shared/decision.ts'
import type { Changes } from './control/changes.ts'
import type { Clock, Log, Ports } from './ports.ts'
import type { OnChange } from './registry/standings.ts'
import type { RunNews } from './upstream/server-runs.ts'

type Record = (event: string, detail: { [name: string]: unknown }) => void

/** What is recorded, and what a person hears at once, when a server changes what was reviewed. */
export function registryNews(record: Record, notify: Ports['notify']): OnChange {
  return {
    tool(server, tool, changes) {
      record('tool.changed', { server, tool, changes })
      notify({ kind: 'warning', title: `${server} changed`, body: `\`${tool}\` is held until you review it` })
    },
    instructions(server) {
      record('server.changed', { server, changes: ['the instructions are not those that were approved'] })
      notify({ kind: 'warning', title: `${server} changed`, body: 'its instructions are held until you review them' })
    },
    files(server, changes) {
      record('server.changed', { server, changes })
      notify({ kind: 'warning', title: `${server} changed`, body: 'what it runs is held until you review it' })
    },
    pinned: (server, { files, package: run }) =>
      record('server.pinned', {
        server,
        files: files.map(({ role, path, sha256 }) => ({ role, path, sha256 })),
        package: run,
      }),
    autoApproved: (server, { review, approval }) =>
      record('tool.auto_approved', {
        ...{ server, tool: review.name, fingerprint: review.fingerprint, expires_at: approval.expires_at },
      }),
  }
}

/** The same for a server whose processes keep ending. INVARIANT: it is told whether or not it can be recorded. */
export function runNews(record: Record, notify: Ports['notify']): Omit<RunNews, 'changed'> {
  return {
    crashing(server, { ends, how }) {
      const body = `it ended ${ends} times, the last time: ${how}; see \`toolgate servers show ${server}\``
      notify({ kind: 'warning', title: `${server} keeps ending`, body })
      record('server.crashing', { server, ends, how })
    },
    recovered: (server) => record('server.recovered', { server }),
  }
}

const alertWords: { readonly [kind in Alert]: (server: string) => string } = {
  blocked_table_attempt: (server) => `a client asked \`${server}\` for a table that policy blocks`,
  large_result_set: (server) => `an answer of \`${server}\` was larger than policy allows`,
  rate_limited: (server) => `a client calls \`${server}\` more often than policy allows`,
}

/** A person hears of the same again only after so long, however often it happens; the record has each. */
const alertEveryMs = 60_000
const mostAlerts = 1_000

/** What is recorded and told when something happens that a rule asked to be told of. */
export function alertNews(record: Record, notify: Ports['notify'], clock: Clock) {
  const told = new Map<string, number>()
  return (kind: Alert, detail: { [name: string]: unknown }): void => {
    record('alert.raised', { kind, ...detail })
    const server = String(detail.server)
    const [key, now] = [`${kind} ${server}`, clock.monotonic()]
    if ((told.get(key) ?? Number.NEGATIVE_INFINITY) + alertEveryMs > now) return
    if (told.size >= mostAlerts) told.clear()
    told.set(key, now)
    notify({ kind: 'warning', title: 'something that a policy watches for', body: alertWords[kind](server) })
  }
}

/** The same for the file of settings. */
export function settingsNews(record: Record, notify: Ports['notify'], changed: () => void, log: Log) {
  return {
    onChange(settings: object, waiting: string[]): void {
      changed()
      record('settings.changed', { settings, waiting_for_restart: waiting })
      if (waiting.length === 0) return
      const body = `restart Toolgate for: ${waiting.join(', ')}`
      notify({ kind: 'warning', title: 'a setting waits for a restart', body })
    },
    onProblem(problem: string): void {
      changed()
      log.warn('the settings cannot be used, what was in force stays', { problem })
      notify({ kind: 'warning', title: 'the settings cannot be used', body: `${problem}; what was in force stays` })
    },
  }
}

const policyWords: { [event: string]: { title: string; body: string } } = {
  'policy.broken': {
    title: 'the policy on disk has mistakes',
    body: 'what was in force stays; see `toolgate policy show`',
  },
  'policy.waiting': {
    title: 'a looser policy waits for you',
    body: 'it rules once you confirm it: `toolgate policy confirm`',
  },
}

/** The same for what happens to the policy folder. */
export function policyNews(record: Record, notify: Ports['notify']): Record {
  return (event, detail) => {
    record(event, detail)
    const told = policyWords[event]
    if (told) notify({ kind: 'warning', ...told })
  }
}

/** The same for sign-ins to servers; pages hear of every change. */
export function signInNews(record: Record, notify: Ports['notify'], changes: Pick<Changes, 'topic'>) {
  return {
    record,
    onChange: () => changes.topic('servers'),
    onEnded: (server: string) =>
      notify({ kind: 'warning', title: `${server} wants a sign-in`, body: 'it refuses calls until you sign in again' }),
  }
}
