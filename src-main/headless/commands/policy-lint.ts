import { checkPolicy, checkPolicyFolder } from '../../core/read-profile.ts'
import type { Cli } from '../cli.ts'
import { count } from '../format.ts'
import { problemLines } from './policy.ts'
import { read } from './policy-change.ts'

/** `toolgate policy lint`: checks the named files together, or those of the profile; exit 1 when they could not be put into force. */
export async function lint(cli: Cli, named: readonly string[]): Promise<number> {
  const check =
    named.length > 0
      ? checkPolicy(named.map((path) => ({ path, text: read(path) })))
      : checkPolicyFolder(cli.paths.policy)
  const { files, rules, tests, problems, warnings } = check
  const ok = problems.length === 0
  const held = [count(rules, 'rule'), ...(tests.length > 0 ? [count(tests.length, 'test')] : [])].join(' and ')
  cli.result({ ok, ...check }, () => [
    ...problems.flatMap(problemLines),
    ...warnings.flatMap((warning) => problemLines({ ...warning, message: `unwise: ${warning.message}` })),
    ok ? `${held} in ${count(files.length, 'file')}, no problem` : count(problems.length, 'problem'),
  ])
  return ok ? 0 : 1
}
