import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { realOf } from './links.ts'

/** What is started: the program's file, its arguments and its folder. */
export type Program = { file: string; args: readonly string[]; cwd: string }

/**
 * What a program needs to run besides the system's own folders: its file, the `node` beside it, the files (never folders) that
 * its arguments name, and of those that lie in `node_modules` or a Python environment the whole of that.
 */
export function programFiles({ file, args, cwd }: Program): string[] {
  const beside = join(dirname(file), 'node')
  const named = [file, beside, ...args.map((arg) => resolve(cwd, arg))].filter(isFile)
  const all = named.flatMap((path) => [path, realOf(path) ?? path])
  return [...new Set(all.flatMap((path) => [path, ...installationOf(path)]))]
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The folder of packages that a file is part of. */
function installationOf(path: string): string[] {
  const modules = path.indexOf(`${sep}node_modules${sep}`)
  if (modules > 0) return [path.slice(0, modules + `${sep}node_modules`.length)]
  for (let at = dirname(path); dirname(at) !== at; at = dirname(at)) {
    if (existsSync(join(at, 'pyvenv.cfg'))) return [at]
  }
  return []
}
