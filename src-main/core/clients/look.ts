import { existsSync } from 'node:fs'
import { CallError } from '../../../shared/call-errors.ts'
import type { ChosenClients, ConfigFileView } from '../../../shared/client-config.ts'
import type { ShimLaunch } from '../../../shared/shim-launch.ts'
import type { ClientEditsTable } from '../store/client-edits.ts'
import { clientsNamed, machineOf, type Where } from './choose.ts'
import { type FoundFile, readConfigFile, UnusableFile } from './config-file.ts'
import { placeKey, UnreadableConfig } from './documents/document.ts'
import type { LaunchInput } from './entry-launch.ts'
import { type GuardFacts, guardOf } from './guard.ts'
import type { ConfigFile, KnownClient } from './known-client.ts'
import { readConfig } from './plan-connect.ts'
import { type Registered, serverNames } from './server-names.ts'

/** One configuration file as it is now: its bytes, how each of its servers stands, and how those can be started that Toolgate could. */
export type Looked = {
  client: KnownClient
  file: ConfigFile
  found: FoundFile
  view: ConfigFileView
  launches: Map<string, LaunchInput>
}

/** What looking needs of the rest of the core. */
export type LookDeps = {
  edits: Pick<ClientEditsTable, 'get'>
  shim: ShimLaunch
  profile: string
  /** Registered servers with their launches, values included. */
  registered: () => Registered[]
  /** The launch as it would be registered: its program found. Throws `CallError` when it is not there. */
  located: (launch: LaunchInput) => Promise<LaunchInput>
  seen: GuardFacts['seen']
}

/** Looks at every file that is there, of the clients named, or of all. */
export function createLook(deps: LookDeps) {
  const { edits, shim, profile } = deps
  async function lookAt(client: KnownClient, file: ConfigFile, names: ReturnType<typeof serverNames>): Promise<Looked> {
    const launches: Looked['launches'] = new Map()
    const view: ConfigFileView = {
      ...{ path: file.path, scope: file.scope, problem: null, entries: [] },
      connected: edits.get(file.path) !== null,
    }
    try {
      const found = readConfigFile(file.path)
      for (const entry of readConfig(file, client, found.bytes)) {
        const located = entry.launch ? await locate(entry.launch) : ''
        if (typeof located !== 'string') launches.set(placeKey(entry.place), located)
        const serverOf = () => (typeof located === 'string' ? located : names.of(located, entry.name, client.id))
        view.entries.push(guardOf(entry, { shim, profile, seen: deps.seen, serverOf }))
      }
      return { client, file, found, view, launches }
    } catch (error) {
      const found = { path: file.path, real: file.path, bytes: Buffer.alloc(0), hash: null, mode: 0, owner: null }
      return { client, file, found, view: { ...view, entries: [], problem: whyNot(error) }, launches }
    }
  }

  async function locate(launch: LaunchInput): Promise<LaunchInput | string> {
    try {
      return await deps.located(launch)
    } catch (error) {
      if (error instanceof CallError) return notHere(launch, error)
      throw error
    }
  }

  return async function look(where: Where, chosen: ChosenClients): Promise<Looked[]> {
    const machine = machineOf(where)
    const names = serverNames(deps.registered())
    const looked: Looked[] = []
    for (const client of clientsNamed(chosen)) {
      for (const file of client.files(machine)) {
        if (existsSync(file.path)) looked.push(await lookAt(client, file, names))
      }
    }
    return looked
  }
}

/** Why a server cannot be registered as it stands. */
function notHere(launch: LaunchInput, error: CallError): string {
  return launch.transport === 'stdio'
    ? `its program \`${launch.command}\` was not found: install it, or name it by its full path`
    : error.message
}

/** Why a file was left alone, in words for people; what an error of our own is stays one. */
export function whyNot(error: unknown): string {
  const ours = error instanceof UnreadableConfig || error instanceof UnusableFile
  // Of ours and of the system, each with a code.
  if (ours || (error instanceof Error && 'code' in error)) return error.message
  throw error
}
