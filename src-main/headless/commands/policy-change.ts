import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Output } from '../../../shared/calls.ts'
import type { PolicyTestResult } from '../../../shared/policy-tools.ts'
import type { PolicyProblem } from '../../../shared/policy-view.ts'
import { printable } from '../../../shared/printable.ts'
import { checkPolicy, checkPolicyFolder } from '../../core/read-profile.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { count, shortHash, when } from '../format.ts'
import { fullHash, policySource } from '../policy-source.ts'
import { problemLines, waitingLines } from './policy.ts'

/** `toolgate policy test`: runs the tests among the named files, or of the profile's folder; exit 1 when one fails. */
export async function testPolicy(cli: Cli, named: readonly string[]): Promise<number> {
  const { tests, problems } =
    named.length > 0
      ? checkPolicy(named.map((path) => ({ path, text: read(path) })))
      : checkPolicyFolder(cli.paths.policy)
  const ok = problems.length === 0
  cli.result({ ok, tests, problems }, () => testLines(tests, problems))
  return ok ? 0 : 1
}

function testLines(tests: readonly PolicyTestResult[], problems: readonly PolicyProblem[]): string[] {
  const failed = tests.filter(({ ok }) => !ok).length
  return [
    ...tests.map(({ ok, file, line, name }) => `${ok ? 'ok  ' : 'FAIL'} ${printable(file)}:${line} ${printable(name)}`),
    ...problems.flatMap(problemLines),
    `${tests.length - failed} of ${count(tests.length, 'test')} passed`,
  ]
}

/** The text of a file that a person names; throws `CliError` NOT_FOUND. */
export function read(path: string): string {
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

/** `toolgate policy history`: the policies that came into force, newest first. */
export async function policyHistory(cli: Cli, limit: number): Promise<undefined> {
  const past = await cli.withGateway((client) => client.call('policy.history', { limit }))
  cli.result(past, () => past.flatMap(pastLines))
}

function pastLines(past: Output<'policy.history'>[number]): string[] {
  const { hash, in_force_at, author, reviewer, reason, commit, in_force, files } = past
  const by = reviewer === null ? `by ${author}` : `by ${author}, confirmed by ${reviewer}`
  const lines = [
    `${shortHash(hash)}  ${when(in_force_at)}  ${printable(by)}  ${count(files, 'file')}${in_force ? '  in force' : ''}`,
    `    ${printable(reason)}`,
  ]
  if (!commit) return lines
  const { id, author: wrote, reviewers, pull_request: request, subject, dirty } = commit
  const seen = reviewers.length > 0 ? `, reviewed by ${reviewers.join(', ')}` : ''
  const words = `git says: ${id.slice(0, 12)} by ${wrote}${seen}${request === null ? '' : `, #${request}`}: ${subject}`
  return [...lines, `    ${printable(words)}${dirty ? ' (and changes that are not in it)' : ''}`]
}

/** `toolgate policy rollback`: puts the files of a former policy back; what that loosens waits to be confirmed. */
export async function rollbackPolicy(cli: Cli, start: string, reason: string): Promise<undefined> {
  const policy = await cli.withGateway(async (client) =>
    client.call('policy.rollback', { hash: await fullHash(start, client), reason }),
  )
  cli.result(policy, () => [
    ...policy.problems.flatMap(problemLines),
    ...waitingLines(policy),
    policy.waiting ? 'the policy in force stays until you confirm' : `in force: snapshot ${shortHash(policy.snapshot)}`,
  ])
}

/** `toolgate policy export`: a policy with its history, as JSON or as a folder of files that can be put back. */
export async function exportPolicy(cli: Cli, options: { policy: string; to?: string }): Promise<undefined> {
  const { to } = options
  if (to !== undefined && existsSync(to)) throw usageError(`\`${to}\` is already there`, 'name a folder that is not')
  const bundle = await cli.withGateway(async (client) =>
    client.call('policy.export', { policy: await policySource(options.policy, client) }),
  )
  if (to !== undefined) writeBundle(to, bundle)
  cli.result(to === undefined ? bundle : { hash: bundle.hash, to, files: bundle.files.length }, () =>
    to === undefined
      ? [JSON.stringify(bundle, null, 2)]
      : [
          `${count(bundle.files.length, 'file')} of snapshot ${shortHash(bundle.hash)} in ${printable(to)}`,
          asTyped('put the files of `local` into a policy folder to use them; see `toolgate policy show`'),
        ],
  )
}

/** `local/` and `org/` with the rule files, and `policy.json` with everything. File names come from the gateway, but go nowhere else. */
function writeBundle(folder: string, bundle: Output<'policy.export'>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'policy.json'), `${JSON.stringify(bundle, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
  for (const { path, origin, text } of bundle.files) {
    const name = path.split(/[\\/]/).at(-1) ?? ''
    if (name === '' || name.startsWith('.')) continue
    mkdirSync(join(folder, origin), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, origin, name), text, { flag: 'wx', mode: 0o600 })
  }
}
