import type { ConfigEntryView } from '../../../shared/client-config.ts'
import type { ShimLaunch } from '../../../shared/shim-launch.ts'
import type { LaunchInput } from './entry-launch.ts'
import type { ConfigEntry } from './read-entries.ts'

/** What an entry that starts our shim says to it. */
export type OurWords = { server: string; profile: string | null; entry: string | null }

/** What an entry says to our shim; null for one that starts something else. */
function ourWords(launch: LaunchInput | null, shim: ShimLaunch): OurWords | null {
  if (launch?.transport !== 'stdio' || launch.command !== shim.command) return null
  if (!shim.args.every((word, at) => launch.args[at] === word)) return null
  const [server = '', ...options] = launch.args.slice(shim.args.length)
  const after = (name: string) => {
    const at = options.indexOf(name)
    return at === -1 ? null : (options[at + 1] ?? null)
  }
  return { server, profile: after('--profile'), entry: after('--entry') }
}

/** What decides how well an entry is guarded. */
export type GuardFacts = {
  shim: ShimLaunch
  profile: string
  /** Whether a call by this client entry to this server was ever seen. */
  seen: (entry: string, server: string) => boolean
  /** The registered server for a launch, or the name that it would get; why none can be. */
  serverOf: (launch: LaunchInput, entry: ConfigEntry) => { name: string; isNew: boolean } | string
}

/** How an entry stands towards Toolgate. */
export function guardOf(entry: ConfigEntry, facts: GuardFacts): ConfigEntryView {
  const { name, off } = entry
  const base = { name, place: [...entry.place], off, why: null, server: null, new_server: false }
  if (entry.launch === null) return { ...base, guard: 'left', why: entry.why }
  const ours = ourWords(entry.launch, facts.shim)
  if (ours) {
    if (ours.profile !== facts.profile) {
      return { ...base, guard: 'left', why: 'it starts Toolgate with another profile' }
    }
    const guard = ours.entry !== null && facts.seen(ours.entry, ours.server) ? 'verified' : 'configured'
    return { ...base, guard, server: ours.server === '--all' ? null : ours.server }
  }
  const server = facts.serverOf(entry.launch, entry)
  if (typeof server === 'string') return { ...base, guard: 'left', why: server }
  return { ...base, guard: 'bypassed', server: server.name, new_server: server.isNew }
}
