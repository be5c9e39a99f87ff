import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { PolicyDraft, PolicySource } from '../../shared/policy-tools.ts'
import { readRuleFolder } from '../core/read-profile.ts'
import { CliError, usageError } from './cli-error.ts'
import type { ControlClient } from './control-client.ts'

/** What a policy may be called in a command, for help texts. */
export const policyWords = '`in-force`, `folder`, the beginning of a hash, a rule file or a folder of them'

/**
 * The policy that a person names: `in-force`, `folder`, the beginning of a hash from `toolgate policy history`, a file that
 * takes its place in the folder, or a folder of files. Throws `CliError` when it is none of these.
 */
export async function policySource(words: string, client: ControlClient): Promise<PolicySource> {
  if (words === 'in-force') return 'in_force'
  if (words === 'folder') return 'folder'
  if (/^[0-9a-f]{8,64}$/.test(words)) return { hash: await fullHash(words, client) }
  return { draft: readDraft(words) }
}

/** The hash of a policy on record that begins so. */
export async function fullHash(start: string, client: ControlClient): Promise<string> {
  if (!/^[0-9a-f]{8,64}$/.test(start))
    throw usageError(`\`${start}\` is no hash`, 'copy one from `toolgate policy history`')
  const past = await client.call('policy.history', { limit: 1000 })
  const found = [...new Set(past.map(({ hash }) => hash).filter((hash) => hash.startsWith(start)))]
  const [hash] = found
  if (found.length > 1) throw usageError(`\`${start}\` begins several hashes`, 'give more of it')
  if (hash === undefined) {
    throw new CliError('NOT_FOUND', `no policy \`${start}\` is on record`, 'see `toolgate policy history`')
  }
  return hash
}

function readDraft(path: string): PolicyDraft {
  try {
    if (!statSync(path).isDirectory()) {
      return { files: [{ path: basename(path), text: readFileSync(path, 'utf8') }], on: 'folder' }
    }
    const { files, problems } = readRuleFolder(path)
    const [problem] = problems
    if (problem) throw usageError(`\`${problem.file}\`: ${problem.message}`, problem.suggestion)
    return { files, on: 'nothing' }
  } catch (error) {
    if (error instanceof CliError) throw error
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new CliError('NOT_FOUND', `\`${path}\` cannot be read (${why})`, `name ${policyWords}`)
  }
}
