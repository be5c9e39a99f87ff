import { parseArgs } from 'node:util'
import { defaultProfile } from './profile.ts'

/** What a client's configuration says about its shim. `entry`: the client's own key, instead of the one that all may use. */
export type ShimArguments = { server: string; profile: string; entry: string | null; name: string }

/** How the shim is called. */
export const usage = 'usage: toolgate connect [--profile DIR] [--entry ID] [--name NAME] <server>'

/** Reads the command line, in any order; throws with a sentence for people. */
export function readArguments(words: string[]): ShimArguments {
  const options = { profile: { type: 'string' }, entry: { type: 'string' }, name: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true })
  const [server, ...more] = positionals
  if (server === undefined) throw new Error('the name of the server is missing')
  if (more.length > 0) throw new Error('only one server can be named')
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(server)) throw new Error(`\`${server}\` cannot be the name of a server`)
  const { entry = null, name = '', profile } = values
  // It names a file in the keys folder.
  if (entry !== null && !/^[a-z0-9][a-z0-9_-]{0,79}$/i.test(entry)) throw new Error(`\`${entry}\` is no client entry`)
  return { server, entry, name: name.slice(0, 80), profile: profile || defaultProfile() }
}
