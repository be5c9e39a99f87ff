import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { ToolgateError } from '../../../shared/errors.ts'
import type { StdioLaunch } from '../../../shared/server.ts'

/** Variables of the gateway's own environment that a server may see; the list is the MCP SDK's, and the locale. */
const inherited =
  process.platform === 'win32'
    ? /^(APPDATA|HOMEDRIVE|HOMEPATH|LOCALAPPDATA|PROCESSOR_ARCHITECTURE|SYSTEMDRIVE|SYSTEMROOT|TEMP|USERNAME|USERPROFILE)$/i
    : /^(HOME|LOGNAME|SHELL|TERM|USER|LANG|LC_[A-Z]+|TMPDIR|TZ)$/

/** Tells a process that it, or an ancestor, is governed; such a process may not answer prompts. */
export const governedMark = 'TOOLGATE_GOVERNED'

/** The environment of a server: a safe base, what was approved with it, and the mark. Nothing else of the gateway's. */
export function serverEnvironment(launch: StdioLaunch, path: string, governed: string): Record<string, string> {
  const base = Object.entries(process.env).filter(
    // A value that starts with `()` is a shell function, which some shells would run.
    (entry): entry is [string, string] => inherited.test(entry[0]) && !!entry[1] && !entry[1].startsWith('()'),
  )
  return { ...Object.fromEntries(base), PATH: path, ...launch.env, [governedMark]: governed }
}

/**
 * The program file that `launch` names: itself when it holds a slash, else the first in `path` that can be run. Throws
 * ToolgateError SERVER_START_FAILED, which names what was looked for and where.
 */
export function programOf(launch: StdioLaunch, path: string): string {
  const { command, cwd } = launch
  if (!isFolder(cwd)) throw new ToolgateError('SERVER_START_FAILED', `its folder \`${cwd}\` is not there`)
  if (isAbsolute(command) || command.includes('/')) {
    const file = resolve(cwd, command)
    const problem = whyNotRunnable(file)
    if (problem) throw new ToolgateError('SERVER_START_FAILED', `\`${file}\` ${problem}`)
    return file
  }
  const extensions = process.platform === 'win32' ? ['.exe', '.com'] : ['']
  const folders = path.split(delimiter).filter(isAbsolute)
  const files = folders.flatMap((folder) => extensions.map((extension) => join(folder, command + extension)))
  const found = files.find((file) => !whyNotRunnable(file))
  if (!found) throw new ToolgateError('SERVER_START_FAILED', `\`${command}\` was not found in the PATH \`${path}\``)
  return found
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function whyNotRunnable(file: string): string | null {
  try {
    if (!statSync(file).isFile()) return 'is not a file'
    accessSync(file, constants.X_OK)
    return null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' ? 'may not be run by this user' : `cannot be run (${code})`
  }
}
