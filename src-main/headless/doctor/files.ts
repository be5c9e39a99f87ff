import { accessSync, constants, existsSync, lstatSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { StatusView } from '../../../shared/calls.ts'
import type { Paths, Secrets } from '../../core/ports.ts'
import { checkPolicyFolder, checkRecords } from '../../core/read-profile.ts'
import { refuseForeignFolder } from '../../host/paths.ts'
import { readSettings } from '../../host/settings.ts'
import { UnfitHost } from '../../host/unfit-host.ts'
import { count } from '../format.ts'
import { type Finding, fail, good, note } from './finding.ts'

/** Node must have Node-API 10, which the database module needs. */
export function checkNode(): Finding {
  const api = Number(process.versions.napi)
  if (api >= 10) return good('node', `${process.version} at ${process.execPath}`)
  return fail('node', `${process.version} is too old`, 'use Node 24 or newer')
}

/** Why the folder cannot be a profile, or become one; null when it can. Nothing else of it is worth a look then. */
export function checkPlace(paths: Paths): Finding | null {
  try {
    refuseForeignFolder(paths)
    if (!existsSync(paths.profile)) tryFolderIn(nearestFolder(paths.profile))
    return null
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = error instanceof UnfitHost ? message : `${paths.profile} cannot be created (${code ?? message})`
    return fail('profile', why, 'name another folder with --profile')
  }
}

/** Makes a folder and removes it: permission bits do not tell all, as in /proc or on a disk that is mounted read-only. */
function tryFolderIn(folder: string): void {
  rmdirSync(mkdtempSync(join(folder, '.toolgate-')))
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path))
}

/** Whether the folders and keys of a profile are this user's alone. */
export function checkFolders(paths: Paths): Finding[] {
  if (!existsSync(paths.profile))
    return [note('profile', `${paths.profile} does not exist yet`, 'the first gateway makes it')]
  const folders = [paths.profile, paths.run, paths.keys, paths.vault, paths.policy, paths.logs, dirname(paths.socket)]
  const keys = existsSync(paths.keys) ? readdirSync(paths.keys).map((name) => join(paths.keys, name)) : []
  const loose = [...new Set([...folders, ...keys, paths.database])].filter(existsSync).filter(isLoose)
  if (loose.length === 0) return [good('profile', `${paths.profile} is yours alone`)]
  return loose.map((path) =>
    fail('profile', `${path} belongs to another user or is open to others`, `\`chmod go-rwx '${path}'\``),
  )
}

/** Whether `settings.json` can be used. */
export function checkSettings(paths: Paths): Finding {
  try {
    readSettings(paths)
    return good('settings', existsSync(paths.settings) ? paths.settings : 'none, so the defaults hold')
  } catch (error) {
    return fail('settings', (error as Error).message, 'mend the file, or remove it to use the defaults')
  }
}

function isLoose(path: string): boolean {
  if (process.platform === 'win32') return false
  const facts = lstatSync(path)
  return facts.uid !== process.getuid?.() || (facts.mode & 0o077) !== 0
}

/** What an earlier gateway or command may have left behind; harmless, and named so that nobody wonders. */
export function checkLeftovers(paths: Paths, running: boolean): Finding[] {
  const left = [
    ...(!running && process.platform !== 'win32' && existsSync(paths.socket) ? [paths.socket] : []),
    ...filesIn(paths.run).filter((file) => /presence-[0-9a-f]{32}$/.test(file) && !running),
    ...filesIn(paths.run).filter(isDeadLock),
    ...filesIn(paths.keys).filter((file) => /\.[0-9a-f]{16}\.new$/.test(file)),
  ]
  return left.map((file) => note('leftover', file, 'the next gateway takes care of it, or remove it'))
}

function isDeadLock(file: string): boolean {
  const pid = Number(/gateway-(\d+)-\w+\.lock$/.exec(file)?.[1] ?? 0)
  return pid > 0 && !isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

/** Whether the audit record can be written to, by the gateway too when one runs, and is intact. */
export function checkAudit(paths: Paths, secrets: Secrets, status: StatusView | null): Finding {
  if (status && !status.audit.writable) {
    const hint = 'free disk space or fix permissions, then retry a call'
    return fail('audit', 'the gateway cannot write it, so no call is made', hint)
  }
  if (!existsSync(paths.database)) return note('audit', 'no record yet')
  try {
    accessSync(paths.database, constants.W_OK)
  } catch {
    return fail('audit', `${paths.database} cannot be written`, 'fix its permissions; until then no call is made')
  }
  const { report } = checkRecords(paths, secrets)
  if (!report.ok) return fail('audit', `broken from record ${report.first_bad} on`, 'see `toolgate audit verify`')
  return good('audit', `${count(report.entries, 'record')}, intact${status ? ', and the gateway can write more' : ''}`)
}

/** Whether the policy files on disk could be put into force, and whether any is when a gateway runs. */
export function checkPolicy(paths: Paths, status: StatusView | null): Finding[] {
  if (status?.policy.snapshot !== null) return checkPolicyFiles(paths, status)
  const none = fail('policy', 'none is in force, so nothing is allowed', 'see `toolgate policy show`')
  return [none, ...checkPolicyFiles(paths, null)]
}

function checkPolicyFiles(paths: Paths, status: StatusView | null): Finding[] {
  const { files, problems, warnings } = checkPolicyFolder(paths.policy)
  const findings = problems.map(({ file, line, message, suggestion }) =>
    fail('policy', `${file}:${line}: ${message}`, suggestion),
  )
  if (problems.length > 0) return findings
  if (files.length === 0) return [note('policy', `no file in ${paths.policy}`)]
  return [
    good(
      'policy',
      `${count(files.length, 'file')} without a problem${status ? `, ${count(status.policy.rules, 'rule')} in force` : ''}`,
    ),
    ...warnings.map(({ file, line, message, suggestion }) => note('policy', `${file}:${line}: ${message}`, suggestion)),
  ]
}
