import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { CliError } from './cli-error.ts'

/**
 * The absolute path of a command as a shell in `cwd` would find it; throws NOT_FOUND. Links are kept, because a tool's own
 * name often tells it what to be; `realTarget` says where one leads.
 */
export function findCommand(command: string, cwd: string, searchPath: string = process.env.PATH ?? ''): string {
  const candidates = /[\\/]/.test(command)
    ? [resolve(cwd, command)]
    : searchPath
        .split(delimiter)
        .filter((folder) => isAbsolute(folder))
        .flatMap((folder) => endings().map((ending) => join(folder, command + ending)))
  const found = candidates.find(runnable)
  if (found) return found
  throw new CliError('NOT_FOUND', `there is no command \`${command}\``, 'install it, or name it by its full path')
}

/** Where a command's path leads in the end; null when it is no link. */
export function realTarget(file: string): string | null {
  const target = realpathSync(file)
  return target === file ? null : target
}

/** True for a file that this user may run. */
export function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function endings(): string[] {
  return process.platform === 'win32' ? (process.env.PATHEXT ?? '.EXE;.CMD').split(';') : ['']
}
