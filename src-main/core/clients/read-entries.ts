import { type Place, valueIn } from './documents/document.ts'
import type { LaunchInput } from './entry-launch.ts'
import { launchOf } from './entry-launch.ts'
import type { ConfigFile, KnownClient } from './known-client.ts'

/** One server in a client's configuration. `why` says why it cannot be governed; then there is no `launch`. */
export type ConfigEntry = {
  name: string
  place: Place
  off: boolean
  /** Keys by which it brings variables from elsewhere. */
  envFrom: string[]
} & ({ launch: LaunchInput; why: null } | { launch: null; why: string })

/** The servers that a configuration names, in its order. */
export function entriesOf(file: ConfigFile, client: KnownClient, data: unknown): ConfigEntry[] {
  return file.servers
    .flatMap((pattern) => placesOf(data, pattern))
    .flatMap((place) => entriesAt(file, client, data, place))
}

function entriesAt(file: ConfigFile, client: KnownClient, data: unknown, place: Place): ConfigEntry[] {
  const servers = valueIn(data, place)
  if (typeof servers !== 'object' || servers === null) return []
  const steps: (string | number)[] = Array.isArray(servers) ? [...servers.keys()] : Object.keys(servers)
  if (Array.isArray(servers) && file.named === null) return []
  return steps.flatMap((step) => {
    const own = [...place, step]
    // A deeper place for servers is not one of them.
    if (file.servers.some((other) => other.length === own.length && own.every((it, at) => it === other[at]))) return []
    return [entryAt(file, client, valueIn(data, own), own)]
  })
}

function entryAt(file: ConfigFile, client: KnownClient, entry: unknown, place: Place): ConfigEntry {
  const { shape, named } = file
  const name = String(named === null ? place.at(-1) : (valueIn(entry, [named]) ?? place.at(-1)))
  const off = shape.off !== null && valueIn(entry, [shape.off.key]) === shape.off.value
  const found = launchOf(entry, shape, client.variables)
  const envFrom = shape.envFrom.filter((key) => !isEmpty(valueIn(entry, [key])))
  const about = { name, place, off, envFrom }
  return typeof found === 'string' ? { ...about, launch: null, why: found } : { ...about, launch: found, why: null }
}

/** Some clients write keys that say nothing. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** The places that a pattern stands for: `*` for every key of the map that is there. */
function placesOf(data: unknown, pattern: Place): Place[] {
  const at = pattern.indexOf('*')
  if (at === -1) return [pattern]
  const map = valueIn(data, pattern.slice(0, at))
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return []
  return Object.keys(map).flatMap((key) => placesOf(data, [...pattern.slice(0, at), key, ...pattern.slice(at + 1)]))
}
