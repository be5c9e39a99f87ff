import type { ClientHooksView } from '../../../shared/client-config.ts'
import { type HookingClient, hookedServerName } from '../../../shared/hooked-tools.ts'
import type { ShimLaunch } from '../../../shared/shim-launch.ts'
import type { ClientEditsTable } from '../store/client-edits.ts'
import { readConfigFile } from './config-file.ts'
import { type Place, valueIn } from './documents/document.ts'
import { decodeConfig, openDocument } from './documents/open-document.ts'
import type { LaunchInput } from './entry-launch.ts'
import type { ClientHooks, ConfigFile, KnownClient, Machine } from './known-client.ts'
import { changeConfig } from './plan-connect.ts'

/** What a hook of ours runs. */
type OurHook = { shim: ShimLaunch; profile: string; entry: string }

/** What stands in every command line of ours, whichever entry it names. */
const marker = (client: HookingClient) => `--hook ${client}`

/** The server of a client's own tools as it is registered: our own program, which runs nothing. */
export function hookedServer(client: HookingClient, shim: ShimLaunch): [name: string, launch: LaunchInput] {
  const { command, args, env } = shim
  const launch = { command, args: [...args, '--hooked-tools', client], env: { ...env }, cwd: null }
  return [hookedServerName(client), { transport: 'stdio', ...launch }]
}

/** Whether a client asks before it runs its own tools, as people see it; null for one that cannot. */
export function hooksView(
  { hooks }: KnownClient,
  machine: Machine,
  { profile, edits }: { profile: string; edits: Pick<ClientEditsTable, 'get'> },
): ClientHooksView | null {
  if (!hooks) return null
  const file = hooks.file(machine)
  const connected = edits.get(file.path) !== null
  const view = { path: file.path, connected, server: hookedServerName(hooks.id), limits: hooks.limits }
  try {
    const { bytes } = readConfigFile(file.path)
    return { ...view, on: hooksAreOn(hooks, file, bytes, profile), problem: null }
  } catch (error) {
    return { ...view, on: false, problem: (error as Error).message }
  }
}

/** Whether every list of a file holds a hook that asks this profile; a file that is not there is empty. Throws `UnreadableConfig`. */
export function hooksAreOn(hooks: ClientHooks, file: ConfigFile, bytes: Uint8Array, profile: string): boolean {
  const data = dataOf(file, bytes)
  return hooks.lists.every(({ at }) => placeIn(data, at, hooks.id, profile) !== null)
}

/**
 * The bytes of a client's hooks with ours among them, and where ours stand; those of another profile stay. Everything else stays byte
 * by byte. Throws `UnreadableConfig`.
 */
export function addHooks(
  hooks: ClientHooks,
  file: ConfigFile,
  bytes: Uint8Array,
  our: OurHook,
): { after: Buffer; places: Place[] } {
  const command = commandLine(our, hooks.id)
  const data = dataOf(file, bytes)
  const more = hooks.more.filter(({ key }) => valueIn(data, [key]) === undefined)
  const added = hooks.lists
    .filter(({ at }) => placeIn(data, at, hooks.id, our.profile) === null)
    .map(({ at, element }) => ({ place: [...at, lengthOf(valueIn(data, at))], value: element(command) }))
  const changes = [...more.map(({ key, value }) => ({ place: [key], value })), ...added]
  return { after: changeConfig(file, bytes, () => changes), places: added.map(({ place }) => place) }
}

const dataOf = (file: ConfigFile, bytes: Uint8Array) => openDocument(file.format, decodeConfig(bytes).text).data
const lengthOf = (list: unknown) => (Array.isArray(list) ? list.length : 0)

/** Position in a list of the hook that asks this profile. */
function placeIn(data: unknown, at: Place, client: HookingClient, profile: string): number | null {
  const list = valueIn(data, at)
  if (!Array.isArray(list)) return null
  const asks = (text: string) => text.includes(marker(client)) && text.includes(`--profile ${quoted(profile)} `)
  const found = list.findIndex((item) => textsIn(item).some(asks))
  return found === -1 ? null : found
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** Clients give a hook's command to a shell. */
function commandLine({ shim, profile, entry }: OurHook, client: HookingClient): string {
  const words = [shim.command, ...shim.args, '--profile', profile, '--entry', entry]
  const env = Object.entries(shim.env).map(([name, value]) => `${name}=${quoted(value)}`)
  return [...env, ...words.map(quoted), marker(client)].join(' ')
}

/** One word for a shell that must not read anything else into it. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`
}
