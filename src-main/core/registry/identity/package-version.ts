import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { StdioLaunch } from '../../../../shared/server.ts'
import type { RunPackage } from '../../../../shared/server-identity.ts'

/** What a package runner is asked to run: the words as given, and the name without its version. */
type Wanted = { runner: 'npx' | 'uvx'; spec: string; name: string }

/** Options of package runners that take a word of their own. */
const taking = ['-c', '--call', '-w', '--workspace', '--python', '-p', '--with', '--index', '--index-url', '--registry']
const naming = ['-p', '--package', '--from']

/** Variables by which such a runner would look in other places than these. */
const elsewhere = /^(HOME|USERPROFILE|UV_|XDG_|npm_config_)/i

const Manifest = z.object({ name: z.string(), version: z.string() })

/** Whether a launch starts a package runner, whose package can be another one at each start. */
export function runsPackage(launch: StdioLaunch): boolean {
  return wantedOf(launch) !== null
}

/**
 * Name and version of the package that `npx` or `uvx` would start now, found without the network: where the program runs, then in
 * the runner's own store. Null when no package is run, or none can be found.
 */
export function packageOf(launch: StdioLaunch): RunPackage | null {
  const wanted = wantedOf(launch)
  if (!wanted || Object.keys(launch.env).some((name) => elsewhere.test(name))) return null
  return wanted.runner === 'npx' ? ofNpx(wanted, launch.cwd) : ofUvx(wanted)
}

function wantedOf({ command, args }: StdioLaunch): Wanted | null {
  const program = basename(command).replace(/\.(cmd|exe)$/i, '')
  if (program === 'npx') return wanted('npx', args)
  if (program === 'npm' && (args[0] === 'exec' || args[0] === 'x')) return wanted('npx', args.slice(1))
  if (program === 'uvx') return wanted('uvx', args)
  if (program === 'uv' && args[0] === 'tool' && args[1] === 'run') return wanted('uvx', args.slice(2))
  return null
}

function wanted(runner: Wanted['runner'], args: readonly string[]): Wanted | null {
  const names = runner === 'npx' ? naming : ['--from']
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? ''
    const [option, value] = word.startsWith('--') && word.includes('=') ? word.split(/=(.*)/s) : [word]
    if (option !== undefined && names.includes(option)) return named(runner, value ?? args[at + 1] ?? '')
    if (taking.includes(word)) at++
    else if (!word.startsWith('-')) return named(runner, word)
  }
  return null
}

function named(runner: Wanted['runner'], spec: string): Wanted | null {
  const shape = runner === 'npx' ? /^(@[\w.-]+\/[\w.-]+|[\w.-]+)(?:@.*)?$/ : /^([\w.-]+)(?:\[[^\]]*\])?(?:[@=<>~!].*)?$/
  const name = shape.exec(spec)?.[1]
  return name && !/^\.+$/.test(name) ? { runner, spec, name } : null
}

/** The nearest `node_modules` from its folder on, else npx's own store, where a folder stands for the words that were asked for. */
function ofNpx({ spec, name }: Wanted, cwd: string): RunPackage | null {
  const key = createHash('sha512').update(spec).digest('hex').slice(0, 16)
  const stores = [...upwards(cwd), join(homedir(), '.npm', '_npx', key)]
  for (const folder of stores) {
    const found = manifestIn(join(folder, 'node_modules', ...name.split('/'), 'package.json'))
    if (found) return found
  }
  return null
}

function upwards(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...upwards(parent)]
}

function manifestIn(file: string): RunPackage | null {
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY) > 1_000_000) return null
    return Manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** A version that is asked for exactly, else that of an installed tool (`uv tool install`). */
function ofUvx({ spec, name }: Wanted): RunPackage | null {
  const exact = /(?:==|@)(\d[\w.+!-]*)$/.exec(spec)?.[1]
  if (exact) return { name, version: exact }
  const tool = join(homedir(), '.local', 'share', 'uv', 'tools', name, 'lib')
  const wheel = name.toLowerCase().replaceAll(/[-_.]+/g, '_')
  for (const python of foldersIn(tool)) {
    for (const entry of foldersIn(join(tool, python, 'site-packages'))) {
      const [, of, version] = /^(.+?)-([^-]+)\.dist-info$/.exec(entry) ?? []
      if (version && of?.toLowerCase().replaceAll(/[-_.]+/g, '_') === wheel) return { name, version }
    }
  }
  return null
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
