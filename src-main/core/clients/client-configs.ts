import { isDeepStrictEqual } from 'node:util'
import { CallError } from '../../../shared/call-errors.ts'
import type {
  ChangedFile,
  ChosenClients,
  ConfigFileView,
  ConnectPlan,
  FoundClient,
} from '../../../shared/client-config.ts'
import { newId } from '../ids.ts'
import type { Clock, Log } from '../ports.ts'
import type { ClientEditsTable } from '../store/client-edits.ts'
import type { Vault } from '../vault/vault.ts'
import { beyondReach } from './beyond-reach.ts'
import { clientsNamed, isInstalled, machineOf, type Where } from './choose.ts'
import { hashOf, readConfigFile, replaceConfigFile, UnusableFile } from './config-file.ts'
import { type Place, placeKey } from './documents/document.ts'
import type { LaunchInput } from './entry-launch.ts'
import type { ClientHooks, KnownClient, Machine } from './known-client.ts'
import { knownClients } from './known-clients.ts'
import { createLook, type LookDeps, type Looked, whyNot } from './look.ts'
import { maskedDiff } from './masked-diff.ts'
import { forgetOriginal, keepOriginal, originalOf, takeBack } from './originals.ts'
import { rewriteConfig } from './plan-connect.ts'
import { addHooks, hookedServer, hooksAreOn, hooksView } from './plan-hooks.ts'

/** What connecting needs of the rest of the core. */
export type ClientConfigsDeps = LookDeps & {
  edits: ClientEditsTable
  vault: Vault
  clock: Clock
  log: Log
  /** When a client entry was here last, in ISO 8601; null when it never was. */
  lastSeen: (entry: string) => string | null
  record: (event: string, detail: Record<string, unknown>) => void
}

/** What a person who connects clients does with it besides. */
export type Connecting = {
  /** Registers a server that a client named, unapproved. */
  register: (name: string, launch: LaunchInput, purpose: string) => Promise<void>
  /** Makes a client entry under this id, unless it is there. */
  ensureEntry: (id: string, name: string) => void
}

type Planned = Pick<Looked, 'client' | 'file' | 'found'> & {
  view: Pick<ConfigFileView, 'entries'>
  entry: string
  after: Buffer
  /** What is changed in it. */
  places: Place[]
  /** What is registered for it, and why. */
  servers: [name: string, launch: LaunchInput][]
  purpose: string
  /** Servers that clients reach through it from now on. */
  leads: string[]
}

/** Plans are worth carrying out for as long as somebody may still look at them. */
const planLifetimeMs = 15 * 60_000
const mostPlans = 32

/** Looks at configurations, plans changes of them, and carries out exactly what was planned. */
export function createClientConfigs(deps: ClientConfigsDeps) {
  const { edits, shim, profile, clock, record } = deps
  const look = createLook(deps)
  /** What was planned and may still be carried out, by id. */
  const plans = new Map<string, { at: number; files: Planned[] }>()

  /** What connecting makes of one file; null when there is nothing to do. */
  function planFile(looked: Looked, entries: Map<string, string>): Planned | null {
    const { client, file, found, view, launches } = looked
    const open = openIn(view)
    if (view.problem !== null || open.length === 0) return null
    const entry = entries.get(client.id) ?? entryOf(client) ?? newId('client', clock.now())
    entries.set(client.id, entry)
    const args = (server: string) => [...shim.args, server, '--profile', profile, '--entry', entry]
    const rewrites = open.map(({ place, server }) => ({ place, shim: { ...shim, args: args(server ?? '--all') } }))
    const [places, leads] = [open.map(({ place }) => place), open.flatMap(({ server }) => server ?? [])]
    const purpose = `found in the configuration of ${client.name}`
    const servers = open.flatMap(({ place, server, new_server }): Planned['servers'] => {
      const launch = launches.get(placeKey(place))
      return new_server && server !== null && launch ? [[server, launch]] : []
    })
    const after = rewriteConfig(file, found.bytes, rewrites)
    return { client, file, found, view, entry, after, places, servers, purpose, leads }
  }

  /** What putting a client's own tools under the same decision makes of its hooks; null when they ask already. */
  function planHooks(
    client: KnownClient,
    hooks: ClientHooks,
    machine: Machine,
    entries: Map<string, string>,
  ): Planned | null {
    const file = hooks.file(machine)
    const found = readConfigFile(file.path)
    if (hooksAreOn(hooks, file, found.bytes, profile)) return null
    const entry = entries.get(client.id) ?? entryOf(client) ?? newId('client', clock.now())
    entries.set(client.id, entry)
    const server = hookedServer(hooks.id, shim)
    const same = deps.registered().find(({ name }) => name === server[0])
    if (same && !isDeepStrictEqual({ ...same.launch, cwd: null }, server[1])) {
      throw new UnusableFile(`another server is registered as \`${server[0]}\`: rename it first`)
    }
    const { after, places } = addHooks(hooks, file, found.bytes, { shim, profile, entry })
    const servers: Planned['servers'] = same ? [] : [server]
    const purpose = `tools built into ${client.name}, which asks before it runs them`
    return { client, file, found, view: { entries: [] }, entry, after, places, servers, purpose, leads: [server[0]] }
  }

  /** All files of one client name the same entry of ours. */
  const entryOf = (client: KnownClient) => edits.all().find((row) => row.client === client.id)?.entry ?? null

  /** Whether a client came back after its files were changed last: then it has read them. Null for one that was not connected. */
  function isApplied(client: string): boolean | null {
    const rows = edits.all().filter((row) => row.client === client)
    if (rows.length === 0) return null
    return rows.every(({ entry, at }) => (deps.lastSeen(entry) ?? '') > at)
  }

  async function carryOut(
    planned: Planned,
    { register, ensureEntry }: Connecting,
  ): Promise<Pick<ChangedFile, 'exact' | 'left'>> {
    const { client, file, found, after, entry, places, servers, purpose, leads } = planned
    for (const [name, launch] of servers) await register(name, launch, purpose)
    ensureEntry(entry, client.name)
    record('client.connected', { client: client.id, entry, path: file.path, servers: leads })
    const at = new Date(clock.now()).toISOString()
    // INVARIANT: what the file was is kept before it is changed, so that it can always be taken back.
    keepOriginal(deps, { file, found, after, places })
    edits.put({ path: file.path, client: client.id, entry, at, written: hashOf(after) })
    replaceConfigFile(found, after)
    return { exact: null, left: [] }
  }

  return {
    async find(where: Where): Promise<FoundClient[]> {
      const looked = await look(where, 'all')
      const machine = machineOf(where)
      return knownClients.flatMap((client) => {
        const { id, name, apply, restarts } = client
        const files = looked.filter((it) => it.client === client).map(({ view }) => view)
        const there = files.length > 0 || isInstalled(client, machine)
        if (!there) return []
        const hooks = hooksView(client, machine, deps)
        return [
          { id, name, files, apply, restarts, applied: isApplied(id), hooks, beyond: beyondReach(client, machine) },
        ]
      })
    },

    /** `hooks`: the tools built into these clients too. */
    async preview(where: Where, chosen: ChosenClients, hooks = false): Promise<ConnectPlan> {
      const looked = await look(where, chosen)
      const problems = looked.flatMap(({ view }) => (view.problem ? [`${view.path}: ${view.problem}`] : []))
      const entries = new Map<string, string>()
      const attempted = (path: string, plan: () => Planned | null): Planned[] => {
        try {
          return [plan()].filter((it) => it !== null)
        } catch (error) {
          problems.push(`${path}: ${whyNot(error)}`)
          return []
        }
      }
      const files = looked.flatMap((it) => attempted(it.view.path, () => planFile(it, entries)))
      if (hooks) {
        const machine = machineOf(where)
        const there = clientsNamed(chosen).filter((client) => chosen !== 'all' || isInstalled(client, machine))
        for (const client of there) {
          const { hooks: own } = client
          if (!own && chosen !== 'all') problems.push(`${client.name}: it asks nobody before it runs its own tools`)
          if (own) files.push(...attempted(own.file(machine).path, () => planHooks(client, own, machine, entries)))
        }
      }
      const plan = newId('plan', clock.now())
      for (const old of plans.keys()) if (plans.size >= mostPlans) plans.delete(old)
      plans.set(plan, { at: clock.monotonic(), files })
      const shown = files.map(({ client, file, found, view, after, servers }) => ({
        ...{ client: client.id, path: file.path, entries: view.entries, registers: servers.map(([name]) => name) },
        diff: maskedDiff(file, client, found.bytes, after),
      }))
      return { plan, files: shown, problems }
    },

    async connect(id: string, connecting: Connecting): Promise<ChangedFile[]> {
      const plan = plans.get(id)
      if (!plan || clock.monotonic() - plan.at > planLifetimeMs)
        throw new CallError('NOT_FOUND', `no plan \`${id}\``, 'look at the preview again')
      plans.delete(id)
      const done: ChangedFile[] = []
      for (const planned of plan.files) {
        done.push(await attempt(planned, () => carryOut(planned, connecting)))
      }
      return done
    },

    async undo(where: Where, chosen: ChosenClients): Promise<ChangedFile[]> {
      const machine = machineOf(where)
      const named = clientsNamed(chosen)
      const done: ChangedFile[] = []
      for (const row of edits.all()) {
        const client = named.find(({ id }) => id === row.client)
        const own = client?.hooks ? [client.hooks.file(machine)] : []
        const file = [...(client?.files(machine) ?? []), ...own].find(({ path }) => path === row.path)
        if (!client || !file) continue
        done.push(
          await attempt({ client, file }, async () => {
            const original = originalOf(deps, row)
            const { exact, left } = takeBack(file, original)
            record('client.undone', { client: client.id, entry: row.entry, path: file.path, exact, left: left.length })
            edits.remove(file.path)
            forgetOriginal(deps, file.path)
            return { exact, left: left.map((place) => nameAt(place)) }
          }),
        )
      }
      return done
    },
  }

  async function attempt(
    { client, file }: Pick<Looked, 'client' | 'file'>,
    work: () => Promise<Pick<ChangedFile, 'exact' | 'left'>>,
  ): Promise<ChangedFile> {
    const about = { client: client.id, path: file.path, apply: client.apply }
    try {
      return { ...about, done: true, why: null, ...(await work()) }
    } catch (error) {
      const why = whyNot(error)
      deps.log.warn('a configuration was not changed', { path: file.path, why })
      return { ...about, done: false, why, exact: null, left: [] }
    }
  }
}

/** The servers of a file that go past Toolgate. */
const openIn = ({ entries }: ConfigFileView) => entries.filter(({ guard }) => guard === 'bypassed')

/** What a place in a file is called: its last key. */
const nameAt = (place: Place) => String(place.findLast((step) => typeof step === 'string') ?? '')
