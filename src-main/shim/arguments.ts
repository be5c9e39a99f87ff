import { parseArgs } from 'node:util'
import { type HookingClient, hookedServerName, hookingClients } from '../../shared/hooked-tools.ts'
import { allServers } from '../../shared/link.ts'
import { defaultProfile } from './profile.ts'

/**
 * What a client's configuration says about its shim. `server`: one, or all. `entry`: the client's own key, instead of the one that
 * all may use. `hook`: it is the hook of this client, and asks once whether one of its own tools may run.
 */
export type ShimArguments = {
  server: string
  profile: string
  /** Whether the profile was named, or is the usual one. */
  named: boolean
  entry: string | null
  name: string
  hook: HookingClient | null
}

/** How the shim is called. */
export const usage =
  'usage: toolgate connect [--profile DIR] [--entry ID] [--name NAME] (<server> | --all | --hook CLIENT | --hooked-tools CLIENT)'

/** The client whose own tools are to be served, when these words ask for that. Throws with a sentence for people. */
export function hookedToolsOf([option, client, ...more]: string[]): HookingClient | null {
  if (option !== '--hooked-tools') return null
  if (more.length > 0) throw new Error('`--hooked-tools` takes one client and nothing else')
  return hookingClient(client ?? '')
}

function hookingClient(name: string): HookingClient {
  const client = hookingClients.find((known) => known === name)
  if (!client) throw new Error(`\`${name}\` has no hooks: it is one of ${hookingClients.join(', ')}`)
  return client
}

/** Reads the command line, in any order; throws with a sentence for people. */
export function readArguments(words: string[]): ShimArguments {
  const text = { type: 'string' } as const
  const options = { profile: text, entry: text, name: text, hook: text, all: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true })
  const hook = values.hook === undefined ? null : hookingClient(values.hook)
  const [named, ...more] = hook ? [hookedServerName(hook), ...positionals] : positionals
  if (more.length > 0) throw new Error('only one server can be named')
  if (named !== undefined && values.all) throw new Error('either one server is named, or `--all`')
  // All of them only for who asks for it: a name that was left out must not mean more than it would have.
  if (named === undefined && !values.all) throw new Error('the name of the server is missing, or `--all`')
  if (named !== undefined && !/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(named)) {
    throw new Error(`\`${named}\` cannot be the name of a server`)
  }
  const server = named ?? allServers
  const { entry = null, name = '', profile } = values
  // It names a file in the keys folder.
  if (entry !== null && !/^[a-z0-9][a-z0-9_-]{0,79}$/i.test(entry)) throw new Error(`\`${entry}\` is no client entry`)
  if (profile === '') throw new Error('`--profile` names no folder')
  return {
    ...{ server, entry, name: name.slice(0, 80), hook },
    ...{ profile: profile ?? defaultProfile(), named: profile !== undefined },
  }
}
