import { ServerName } from '../../../shared/server.ts'
import type { LaunchInput } from './entry-launch.ts'

/** What is registered under which name: a name in, a launch to compare with out. */
export type Registered = { name: string; launch: LaunchInput }

/**
 * Finds the registered server for each launch, and a name for each that there is none for: its own, or, when that is another
 * server's, with the client's behind it.
 */
export function serverNames(registered: readonly Registered[]) {
  const known = [...registered]
  return {
    /** The server that this is; one that is new is remembered, so that the next of the same is the same. */
    of(launch: LaunchInput, wanted: string, client: string): { name: string; isNew: boolean } {
      const same = known.find((it) => isSameLaunch(it.launch, launch))
      if (same) return { name: same.name, isNew: !registered.includes(same) }
      const base = usable(wanted)
      const taken = new Set(known.map(({ name }) => name))
      const names = [base, usable(`${base.slice(0, 40)}-${client}`)]
      for (let count = 2; names.every((name) => taken.has(name)); count++) names.push(`${base.slice(0, 50)}-${count}`)
      const name = names.find((candidate) => !taken.has(candidate)) ?? base
      known.push({ name, launch })
      return { name, isNew: true }
    },
  }
}

/** A name as servers may have it. */
function usable(wanted: string): string {
  const plain = wanted
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63)
  return ServerName.safeParse(plain).success ? plain : 'server'
}

/** Whether two launches start or reach the same. Where a folder is not said, any will do. */
function isSameLaunch(one: LaunchInput, other: LaunchInput): boolean {
  if (one.transport === 'http' && other.transport === 'http') {
    return one.url === other.url && sameMap(one.headers, other.headers)
  }
  if (one.transport === 'http' || other.transport === 'http') return false
  return (
    one.command === other.command &&
    one.args.length === other.args.length &&
    one.args.every((word, at) => word === other.args[at]) &&
    sameMap(one.env, other.env) &&
    (one.cwd === null || other.cwd === null || one.cwd === other.cwd)
  )
}

function sameMap(one: Record<string, string>, other: Record<string, string>): boolean {
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key])
}
