import { printable } from './printable.ts'
import type { AskedLaunch, LaunchView, Reach } from './server.ts'

/** One word of a command line with hidden characters visible, quoted when a shell would split or change it. */
export function launchWord(text: string): string {
  const safe = printable(text)
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`
}

/** Where a server's host leads, in words. */
export const reachWords: Record<Reach, string> = {
  loopback: 'this machine',
  private: 'a private network',
  internet: 'the internet',
}

const shells = [
  'sh',
  'bash',
  'zsh',
  'dash',
  'ksh',
  'fish',
  'cmd',
  'cmd.exe',
  'powershell',
  'powershell.exe',
  'pwsh',
  'pwsh.exe',
]
const packageRunners = ['npx', 'bunx', 'pnpx', 'uvx', 'pipx']

/** Shapes within a line of shell that people should look at twice. */
const shellShapes: readonly (readonly [pattern: RegExp, warning: string])[] = [
  [/\brm\s+(-\w*\s+)*-\w*[rf]/, 'deletes files by force (`rm -rf`)'],
  [/\b(curl|wget)\b[^|;&]*\|\s*(\S*\/)?(sudo\s+)?\w*sh\b/, 'downloads a script and runs it'],
  [/\bsudo\b|\bdoas\b/, 'asks for administrator rights'],
  [/\bbase64\b\s+(-d|-D|--decode)/, 'decodes hidden text'],
  [/\beval\b/, 'builds commands as it runs (`eval`)'],
  [/>\s*\/(etc|usr|bin|sbin|boot|dev\/sd)/, 'writes to system files'],
]

/** Variables that make a program load other code than the command names. */
const loaders =
  /^(LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_\w+|NODE_OPTIONS|NODE_PATH|PYTHONPATH|PYTHONSTARTUP|RUBYOPT|PERL5OPT|BASH_ENV|ENV|PATH|JAVA_TOOL_OPTIONS|GIT_SSH_COMMAND)$/i

/** What to look at twice about a server before it is registered or approved; empty when nothing is. */
export function launchWarnings(launch: AskedLaunch | LaunchView): string[] {
  return launch.transport === 'http' ? urlWarnings(launch.url) : commandWarnings(launch)
}

/** Parts of an address by which servers are given keys. */
const keyInUrl = /[?&][^=&#]*(key|token|secret|auth|passw|signature)[^=&#]*=[^&#]/i

function urlWarnings(url: string): string[] {
  return [
    ...(keyInUrl.test(url)
      ? ['has an address that seems to hold a key, which is shown and recorded: give it as a header']
      : []),
    ...(printable(url) === url ? [] : ['holds characters that cannot be seen or that reorder text']),
  ]
}

type Command = Extract<AskedLaunch | LaunchView, { transport: 'stdio' }>

function commandWarnings(launch: Command): string[] {
  const { command, args } = launch
  const env = 'env' in launch ? launch.env : Object.fromEntries(launch.env_names.map((name) => [name, '']))
  const warnings = new Set<string>()
  const name = programName(command).toLowerCase()
  const all = [command, ...args].join(' ')
  if (shells.includes(name) && args.some((arg) => /^(-\w*c|\/c|-command|-enc\w*)$/i.test(arg))) {
    warnings.add('runs a line of shell, which can do anything')
  }
  if (['sudo', 'doas', 'su', 'pkexec', 'runas'].includes(name)) warnings.add('asks for administrator rights')
  if (packageRunners.includes(name) || (name === 'npm' && args[0] === 'exec')) {
    warnings.add(
      'fetches and runs a package: what it runs can change from one start to the next unless a version is pinned',
    )
  }
  for (const [pattern, warning] of shellShapes) if (pattern.test(all)) warnings.add(warning)
  if (
    args.some((arg) => /^(-e|--eval|-p|--print|-r|--require|--import)$/.test(arg)) &&
    /^(node|bun|deno|ruby|perl)/.test(name)
  ) {
    warnings.add('carries program text or loads more code on its command line')
  }
  for (const variable of Object.keys(env)) {
    if (loaders.test(variable)) warnings.add(`\`${printable(variable)}\` can make it load other code than it names`)
  }
  if ([command, ...args, ...Object.values(env)].some((text) => printable(text) !== text)) {
    warnings.add('holds characters that cannot be seen or that reorder text')
  }
  return [...warnings]
}

/** The last part of a path, whichever way its parts are divided. */
function programName(command: string): string {
  return command.split(/[/\\]/).at(-1) ?? command
}
