import { foldersAbove, type HiddenPlaces } from './hidden-places.ts'
import { sureFolders } from './links.ts'
import type { SandboxPlan } from './plan.ts'

/** Code and settings of macOS and of its package managers; nothing of a person. */
const systemFolders = [
  ...['/System', '/usr', '/bin', '/sbin', '/Library', '/opt', '/dev', '/private/etc', '/private/var/db'],
  ...['/private/var/select', '/private/var/folders', '/private/tmp'],
]
/** Where anything may write that has to write at all. */
const devices = ['/dev/null', '/dev/zero', '/dev/tty', '/dev/dtracehelper']
/** Services that start programs outside, where no profile holds them. */
const launchers = ['com.apple.coreservices.launchservicesd', 'com.apple.coreservices.quarantine-resolver']

/**
 * What a process does to another one: allowed within the sandbox, whose programs end and look at their own children. Denied whole and
 * then allowed, since `(target others)` is taken by Seatbelt and was seen to hold nothing back.
 */
const toProcesses = ['signal', 'process-info*', 'mach-priv-task-port']

/** Text of the profile language: nothing but quotes and backslashes means anything in it. */
const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const folders = (paths: readonly string[]) => paths.map((path) => ` (subpath ${quoted(path)})`).join('')
const files = (paths: readonly string[]) => paths.map((path) => ` (literal ${quoted(path)})`).join('')

/**
 * The profile that Seatbelt (`sandbox-exec -p`) holds a program of macOS to; the last line that fits counts. `port`: where on this
 * machine the way out listens; null when the network is not bounded. `needed`: files without which the program does not run.
 * Throws ToolgateError SERVER_START_FAILED.
 */
export function seatbeltProfile(
  plan: SandboxPlan,
  needed: readonly string[],
  hidden: HiddenPlaces,
  port: number | null,
): string {
  const write = plan.write === null ? null : sureFolders(plan.write)
  const read = plan.read === null ? null : sureFolders(plan.read)
  const secret = `${folders(hidden.folders)}${files(hidden.files)}`
  const above = files(foldersAbove(hidden))
  const lines = [
    '(version 1)',
    '(allow default)',
    '(deny appleevent-send)',
    '(deny job-creation)',
    ...toProcesses.flatMap((does) => [`(deny ${does})`, `(allow ${does} (target same-sandbox))`]),
    '(deny sysctl-read (sysctl-name-prefix "kern.procargs"))',
    // A second name for a file is a path that no line here names, and it may be written wherever it was put.
    '(deny file-link)',
    `(deny mach-lookup${launchers.map((name) => ` (global-name ${quoted(name)})`).join('')})`,
    // Whoever listens at a path outside would act for the program, unbounded; names are looked up through one such path.
    '(deny network-outbound (remote unix-socket))',
    ...(port === null
      ? ['(allow network-outbound (literal "/private/var/run/mDNSResponder"))']
      : [
          '(deny network*)',
          '(allow network-bind network-inbound (local ip "localhost:*"))',
          `(allow network-outbound (remote ip "localhost:${port}"))`,
        ]),
    ...(read === null
      ? []
      : [
          '(deny file-read*)',
          '(allow file-read-metadata)',
          `(allow file-read* (literal "/")${folders([...systemFolders, ...read])}${files(needed)})`,
        ]),
    ...(write === null && read === null
      ? []
      : ['(deny file-write*)', `(allow file-write*${files(devices)}${folders(write ?? read ?? [])})`]),
    ...(secret === '' ? [] : [`(deny file-read* file-write* file-clone${secret})`]),
    ...(hidden.sealed.length === 0 ? [] : [`(deny file-write*${folders(hidden.sealed)})`]),
    // Paths are what counts: a folder above that goes by another name takes with it what is hidden, and leaves its place free. To
    // rename is to unlink here and to create there; where two change places, each is both.
    ...(above === '' ? [] : [`(deny file-write-unlink file-write-create${above})`]),
  ]
  return `${lines.join('\n')}\n`
}
