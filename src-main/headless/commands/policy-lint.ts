import { readFileSync } from 'node:fs'
import { checkPolicy, checkPolicyFolder } from '../../core/read-profile.ts'
import type { Cli } from '../cli.ts'
import { CliError } from '../cli-error.ts'
import { count } from '../format.ts'
import { problemLines } from './policy.ts'

/** `toolgate policy lint`: checks the named files together, or those of the profile; exit 1 when they could not be put into force. */
export async function lint(cli: Cli, named: readonly string[]): Promise<number> {
  const check =
    named.length > 0
      ? checkPolicy(named.map((path) => ({ path, text: read(path) })))
      : checkPolicyFolder(cli.paths.policy)
  const { files, rules, problems, warnings } = check
  const ok = problems.length === 0
  cli.result({ ok, ...check }, () => [
    ...problems.flatMap(problemLines),
    ...warnings.flatMap((warning) => problemLines({ ...warning, message: `unwise: ${warning.message}` })),
    ok ? `${count(rules, 'rule')} in ${count(files.length, 'file')}, no problem` : count(problems.length, 'problem'),
  ])
  return ok ? 0 : 1
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
