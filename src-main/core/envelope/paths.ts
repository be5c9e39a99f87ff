import { realpathSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const caseless = platform() === 'darwin' || platform() === 'win32'

/** The form under which paths are compared: lower case where the file system does not tell cases apart. */
export function comparable(path: string): string {
  return caseless ? path.toLowerCase() : path
}

/** The real path of `path`, following every link that exists; a part that does not exist yet is kept as it is written. */
export function realPath(path: string): string {
  const rest: string[] = []
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(realpathSync.native(at), ...rest)
    } catch {
      if (dirname(at) === at) return path
      rest.unshift(basename(at))
    }
  }
}

const pathKey =
  /(^|_|\b)(path|paths|file|files|filename|dir|directory|folder|source|destination|src|dest|target|cwd|root|uri|url)s?$/i
const looksLikePath = /^(~|\.{1,2})?[/\\]|^(~|\.{1,2})$|^[a-z]:[/\\]|^file:/i

function expand(text: string, cwd: string): string | null {
  if (text.includes('\0') || text.length > 4096) return null
  if (/^file:/i.test(text)) {
    try {
      return fileURLToPath(text)
    } catch {
      return null
    }
  }
  if (text === '~' || text.startsWith('~/')) return join(homedir(), text.slice(1))
  return isAbsolute(text) ? text : resolve(cwd, text)
}

/** Both readings of a path: as written with `..` resolved, and where links really lead. */
function readings(text: string, cwd: string): string[] {
  const full = expand(text, cwd)
  if (full === null) return []
  const written = resolve(full)
  return [written, realPath(written)]
}

/** Words of a command line that may be paths: quotes, redirections and `--option=` are taken apart, `$HOME` is filled in. */
function words(command: string): string[] {
  return command
    .slice(0, 65_536)
    .replaceAll(/\$\{?HOME\}?/g, homedir())
    .split(/[\s'"`;|&<>(){}=,]+/)
    .filter((word) => looksLikePath.test(word) && word.length > 1)
}

/**
 * Every path that a call's arguments may mean, canonical and absolute, in all candidate readings (contracts.md, envelope):
 * values under path-like keys, strings that look like a path, and path-like words inside longer strings such as commands.
 * Relative paths are read from `cwd`, the server's folder.
 */
export function pathsIn(args: unknown, cwd: string): string[] {
  const found = new Set<string>()
  const add = (text: string) => {
    for (const path of readings(text, cwd)) found.add(path)
  }
  const visit = (value: unknown, key: string, depth: number) => {
    if (depth > 32 || found.size > 512) return
    if (typeof value === 'string') {
      if (/^https?:/i.test(value)) return
      if (looksLikePath.test(value) || (pathKey.test(key) && value !== '' && value.length <= 4096)) add(value)
      if (/[\s'"=]/.test(value)) for (const word of words(value)) add(word)
    } else if (Array.isArray(value)) for (const item of value) visit(item, key, depth + 1)
    else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) visit(item, name, depth + 1)
    }
  }
  visit(args, '', 0)
  return [...found]
}
