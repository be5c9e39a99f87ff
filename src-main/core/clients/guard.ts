import { parseArgs } from 'node:util'
import type { ConfigEntryView } from '../../../shared/client-config.ts'
import { ServerName } from '../../../shared/server.ts'
import type { ShimLaunch } from '../../../shared/shim-launch.ts'
import type { LaunchInput } from './entry-launch.ts'
import type { ConfigEntry } from './read-entries.ts'

/** What an entry that starts our shim says to it: which server, null for all of them. */
type OurWords = { server: string | null; profile: string | null; entry: string | null }

const text = { type: 'string' } as const
const options = { profile: text, entry: text, name: text, hook: text, all: { type: 'boolean' } } as const

/** What an entry says to our shim, as that reads it; null for one that starts something else. */
function ourWords(launch: LaunchInput, shim: ShimLaunch): OurWords | null {
  if (launch.transport !== 'stdio' || launch.command !== shim.command) return null
  if (!shim.args.every((word, at) => launch.args[at] === word)) return null
  const args = launch.args.slice(shim.args.length)
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: false })
  const given = (value: unknown) => (typeof value === 'string' ? value : null)
  return { server: positionals[0] ?? null, profile: given(values.profile), entry: given(values.entry) }
}

const mostNamed = 5

/** What an entry sets for our shim that we did not write, by name: with a variable such as `NODE_OPTIONS` other code runs in it. */
function foreignSettings({ envFrom }: ConfigEntry, launch: LaunchInput, { env }: ShimLaunch): string[] {
  if (launch.transport !== 'stdio') return []
  const names = new Set([...Object.keys(launch.env), ...Object.keys(env)])
  const others = [...names].filter((name) => launch.env[name] !== env[name])
  return [...others, ...envFrom, ...(launch.cwd === null ? [] : ['cwd'])]
}

function whyForeign(settings: readonly string[]): string {
  const named = settings.slice(0, mostNamed).map((name) => `\`${name.slice(0, 60)}\``)
  const more = settings.length > mostNamed ? ` and ${settings.length - mostNamed} more` : ''
  return `not as Toolgate writes it: ${named.join(', ')}${more}; other code could run in Toolgate’s own program, so connect it again`
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
    const { server } = ours
    if (ours.profile !== facts.profile) {
      return { ...base, guard: 'left', why: 'it starts Toolgate with another profile' }
    }
    if (server !== null && !ServerName.safeParse(server).success) {
      return { ...base, guard: 'left', why: 'it starts Toolgate for a server of a name that none can have' }
    }
    const foreign = foreignSettings(entry, entry.launch, facts.shim)
    if (foreign.length > 0) return { ...base, guard: 'bypassed', why: whyForeign(foreign), server }
    const guard = ours.entry !== null && facts.seen(ours.entry, server ?? '--all') ? 'verified' : 'configured'
    return { ...base, guard, server }
  }
  const server = facts.serverOf(entry.launch, entry)
  if (typeof server === 'string') return { ...base, guard: 'left', why: server }
  return { ...base, guard: 'bypassed', server: server.name, new_server: server.isNew }
}
