import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPolicy } from '../../core/read-profile.ts'
import type { Cli } from '../cli.ts'
import { CliError } from '../cli-error.ts'
import { count } from '../format.ts'
import { problemLines } from './policy.ts'

/** `toolgate policy lint`: checks the named files together, or those of the profile; exit 1 when they could not be put into force. */
export async function lint(cli: Cli, named: readonly string[]): Promise<number> {
  const files = (named.length > 0 ? named : policyFiles(cli.paths.policy)).map((path) => ({ path, text: read(path) }))
  const { rules, problems, warnings } = checkPolicy(files)
  const ok = problems.length === 0
  cli.result({ ok, files: files.map(({ path }) => path), rules, problems, warnings }, () => [
    ...problems.flatMap(problemLines),
    ...warnings.flatMap((warning) => problemLines({ ...warning, message: `unwise: ${warning.message}` })),
    ok ? `${count(rules, 'rule')} in ${count(files.length, 'file')}, no problem` : count(problems.length, 'problem'),
  ])
  return ok ? 0 : 1
}

/** The rule files of a policy folder, in order of their names; none when there is no such folder. */
export function policyFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[^.].*\.ya?ml$/.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort()
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new CliError(
      'NOT_FOUND',
      `\`${path}\` cannot be read (${why})`,
      'name a file that exists and that you may read',
    )
  }
}
