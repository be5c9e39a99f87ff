import { homedir } from 'node:os'
import { CallError } from '../../../shared/call-errors.ts'
import type { LaunchSpec } from '../../../shared/server.ts'
import { machineOf } from '../clients/choose.ts'
import { type Connecting, createClientConfigs } from '../clients/client-configs.ts'
import type { LaunchInput } from '../clients/entry-launch.ts'
import { watchCoverage } from '../clients/watch-coverage.ts'
import type { CoreHandlers, Door } from '../control/handlers.ts'
import type { Clock, Log, Notification, Secrets } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { ClientEditsTable } from '../store/client-edits.ts'
import type { ClientsTable, FactsTable } from '../store/registry-tables.ts'
import type { Vault } from '../vault/vault.ts'
import { foundLaunch } from './found-launch.ts'
import { issueEntry } from './people.ts'
import type { RecordEvent } from './servers.ts'

type ConfigHandlers = Pick<
  CoreHandlers,
  'configs.find' | 'configs.home' | 'configs.preview' | 'configs.connect' | 'configs.undo'
>

type Deps = {
  edits: ClientEditsTable
  vault: Vault
  clock: Clock
  log: Log
  secrets: Secrets
  clients: ClientsTable
  registry: Registry
  shim: { command: string; args: string[]; env: Record<string, string> }
  profile: string
  /** PATH in which programs are looked for. */
  path: string
  record: RecordEvent
  addServer: CoreHandlers['servers.add']
  /** Whether a call by this client entry to this server was ever seen. */
  seen: (entry: string, server: string) => boolean
  facts: FactsTable
  notify: (notification: Notification) => void
  onChange: () => void
  /** What ends with the gateway. */
  cleanup: (() => unknown)[]
}

/** Finding, connecting and taking back the configurations of AI clients, as the doors see it. */
export function clientConfigHandlers(deps: Deps): ConfigHandlers {
  const { registry, clients, path, addServer } = deps
  const configs = createClientConfigs({
    ...deps,
    lastSeen: (entry) => clients.get(entry)?.last_seen ?? null,
    registered: () => registry.list().map(({ name }) => ({ name, launch: asInput(registry.opened(name)) })),
    located: async (launch) => asInput(await foundLaunch(asLaunch(launch), path)),
  })
  deps.cleanup.push(watchCoverage({ ...deps, find: () => configs.find({}) }))
  const through = (door: Door): Connecting => ({
    register: async (name, launch, purpose) => {
      const facts = { trust_level: 'restricted' as const, environment: 'local', risk_tags: [], purpose }
      await addServer({ name, launch: asLaunch(launch), ...facts }, door)
    },
    ensureEntry: (id, name) => {
      if (!clients.get(id)) issueEntry(deps, { id, name, door })
    },
  })
  const checked = <T extends { home?: string | undefined }>(where: T, door: Door): T => {
    if (where.home !== undefined && door.name !== 'terminal') throw new CallError('FORBIDDEN_AT_DOOR')
    return where
  }
  return {
    'configs.find': (where, door) => configs.find(checked(where, door)),
    'configs.home': () => ({ home: machineOf({}).home }),
    'configs.preview': ({ clients: chosen, hooks, ...where }, door) =>
      configs.preview(checked(where, door), chosen, hooks),
    'configs.connect': ({ plan }, door) => configs.connect(plan, through(door)),
    'configs.undo': ({ clients: chosen, ...where }, door) => configs.undo(checked(where, door), chosen),
  }
}

function asInput(launch: LaunchSpec): LaunchInput {
  if (launch.transport === 'http') return { transport: 'http', url: launch.url, headers: launch.headers }
  const { command, args, env, cwd } = launch
  return { transport: 'stdio', command, args, env, cwd }
}

function asLaunch(launch: LaunchInput) {
  return launch.transport === 'http' ? launch : { ...launch, cwd: launch.cwd ?? homedir() }
}
