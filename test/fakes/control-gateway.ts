import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { controlKey } from '../../shared/link.ts'
import type { CoreHandlers } from '../../src-main/core/control/handlers.ts'
import { serveControl } from '../../src-main/core/control/serve-control.ts'
import { controlLines } from '../../src-main/core/gateway/control-lines.ts'
import { listen } from '../../src-main/core/gateway/link.ts'
import { createPeople } from '../../src-main/core/people/people.ts'
import type { Clock, Log } from '../../src-main/core/ports.ts'
import type { Governed } from '../../src-main/core/presence/check-terminal.ts'
import { personPins } from '../../src-main/core/presence/person-pins.ts'
import { createPresence } from '../../src-main/core/presence/presence.ts'
import { systemProcesses } from '../../src-main/core/presence/system-processes.ts'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { peopleTable } from '../../src-main/core/store/people-table.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { instancePaths, preparePaths } from '../../src-main/host/paths.ts'
import { fileSecrets } from '../../src-main/host/secrets.ts'
import { enrolment } from './enrolment.ts'
import { testFolder } from './folder.ts'

export type Options = {
  handlers?: Partial<CoreHandlers>
  governed?: () => Governed
  clock?: Clock
  /** Throws when the audit record cannot be written. */
  record?: (event: string) => void
}

/**
 * The control door of a gateway, for real from the socket to the process checks, in this process: handshake, dispatch,
 * presence. Only what lies behind the door is given by the test.
 */
export async function controlGateway({ handlers = {}, governed, clock = systemClock, record }: Options = {}) {
  const paths = instancePaths(testFolder())
  preparePaths(paths)
  const secrets = fileSecrets(paths.keys)
  secrets.set(controlKey, Buffer.from(randomBytes(32).toString('hex')))
  const events: { event: string; detail: Record<string, unknown> }[] = []
  const problems: { message: string; fields: Record<string, unknown> }[] = []
  const keep: Log['warn'] = (message, fields = {}) => void problems.push({ message, fields })
  const log: Log = { info: () => {}, warn: keep, error: keep }
  const people = createPeople({
    ...{ table: peopleTable(openDatabase(':memory:')), clock, user: 'me', roles: () => [] },
    ...{ record: () => {}, onChange: () => {} },
  })
  const presence = createPresence({
    ...{ clock, pins: personPins(people, secrets, clock, enrolment()), run: paths.run, processes: systemProcesses() },
    governed: governed ?? (() => ({ servers: [], clients: [] })),
    record: (event, detail) => {
      record?.(event)
      events.push({ event, detail })
    },
  })
  const status: CoreHandlers['status'] = () => ({
    ...{
      version: 'test',
      pid: process.pid,
      profile: paths.profile,
      socket: paths.socket,
      started_at: '2026-11-21T08:00:00Z',
      http: null,
      http_problem: null,
      http_public: null,
      shim: { command: process.execPath, args: [], env: {} },
    },
    ...{
      stopped: false,
      halts: [],
      incidents: 0,
      overrides: [],
      servers: [],
      approvals: 0,
      apps: 0,
      prompts: { how: ['a page that is open'], problem: null },
      sessions: 0,
      reviews: { due: 0, soon: 0 },
      unknown_servers: { refused: 0, names: [] },
      observing: [],
      observe_ended: null,
      presence_enrolled: presence.enrolled(),
    },
    ...{ presence_lost: presence.lost(), settings_problem: null },
    policy: { snapshot: 'f'.repeat(64), since: null, rules: 1, problems: 0, waiting: false },
    audit: { entries: 1, writable: true, gap: false, streams: [] },
  })
  const all = { status, ...handlers } as CoreHandlers
  const listener = await listen({
    ...{ paths, log, clock: systemClock },
    secretOf: (key) => secrets.get(key),
    onShim: (link) => link.destroy(),
    onControl: (link) => serveControl(controlLines(link, log), all, { presence, log, onRefused: () => {} }),
  })
  onTestFinished(() => listener.close())
  return { paths, secrets, events, problems, presence, profile: ['--profile', paths.profile] }
}
