import { realpathSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { printable } from '../../../../shared/printable.ts'
import type { StdioLaunch } from '../../../../shared/server.ts'
import type { RunFile } from '../../../../shared/server-identity.ts'

/** A file that holds what a launch runs. */
export type CodeFile = Pick<RunFile, 'role' | 'path'>

type Interpreter = {
  /** Options whose next word, or what follows their `=`, is loaded as code. */
  loads: readonly string[]
  /** Options whose next word is something else. */
  takes: readonly string[]
  /** Options whose next word is program text or the name of a module: no file is named after them. */
  ends: readonly string[]
}

const script = { loads: ['-r', '--require', '--import', '--loader', '--experimental-loader', '--preload'] }
const node: Interpreter = {
  ...script,
  takes: ['-C', '--conditions', '--env-file', '--env-file-if-exists', '--title', '--config', '--cwd', '--tsconfig'],
  ends: ['-e', '--eval', '-p', '--print', '-pe'],
}
const python: Interpreter = { loads: [], takes: ['-W', '-X', '--check-hash-based-pycs'], ends: ['-c', '-m'] }
const others: Interpreter = {
  loads: ['-jar', '-f'],
  takes: ['-cp', '-classpath', '-I', '-M', '-d'],
  ends: ['-e', '-E'],
}
const shell: Interpreter = { loads: ['--rcfile', '--init-file'], takes: ['-o', '-O'], ends: ['-c'] }
const uv: Interpreter = {
  loads: [],
  takes: ['--with', '--with-editable', '--project', '--python', '-p', '--from', '--extra', '--group', '--env-file'],
  ends: ['-m', '--module'],
}

/** Programs that run a file which their words name. */
const interpreters: readonly (readonly [name: RegExp, how: Interpreter])[] = [
  [/^(node|nodejs|bun|deno|tsx|ts-node)(\.exe)?$/i, node],
  [/^(python|pypy)[\d.]*(\.exe)?$/i, python],
  [/^uv(\.exe)?$/i, uv],
  [/^(sh|bash|zsh|dash|ksh|fish)$/, shell],
  [/^(ruby|perl|php|java|dotnet|lua|Rscript)[\d.]*(\.exe)?$/i, others],
]

/**
 * The files of code that a launch names: the program, and what an interpreter is given to run. What those load in turn is not
 * among them; `unpinned` says in words what else is run that no file stands for.
 */
export function codeFilesOf(launch: StdioLaunch, program: string): { files: CodeFile[]; unpinned: string[] } {
  const real = realpathSync(program)
  const files: CodeFile[] = [{ role: 'program', path: real }]
  const how = interpreters.find(([name]) => name.test(basename(launch.command)) || name.test(basename(real)))?.[1]
  if (!how) return { files, unpinned: [] }
  const { named, unpinned } = read(how, launch)
  return { files: [...files, ...named], unpinned }
}

function read(how: Interpreter, { args, cwd }: StdioLaunch): { named: CodeFile[]; unpinned: string[] } {
  const named: CodeFile[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? ''
    const [option = '', value] = split(word)
    if (how.ends.includes(option)) {
      return { named, unpinned: [`what \`${printable(option)}\` names is run, and only the interpreter is pinned`] }
    }
    if (how.loads.includes(option)) {
      const file = fileAt(cwd, value ?? args[++at] ?? '')
      if (file) named.push({ role: 'loaded', path: file })
    } else if (how.takes.includes(option)) {
      if (value === undefined) at++
    } else if (!word.startsWith('-')) {
      const file = fileAt(cwd, word)
      if (file) return { named: [...named, { role: 'script', path: file }], unpinned: [] }
    }
  }
  return { named, unpinned: ['no file is named that the interpreter runs, so only the interpreter is pinned'] }
}

/** `--import=./x.js` is the option and its value in one word. */
function split(word: string): [option: string, value: string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

/** The real path of the file that a word names, as an interpreter would find it; null when there is none. */
function fileAt(cwd: string, word: string): string | null {
  if (word === '' || word.includes('\0')) return null
  const path = resolve(cwd, word)
  const candidates = [path, ...['.js', '.mjs', '.cjs', '.ts'].map((end) => path + end)]
  const inside = ['index.js', 'index.mjs', '__main__.py'].map((name) => join(path, name))
  for (const candidate of [...candidates, ...inside]) {
    if (statSync(candidate, { throwIfNoEntry: false })?.isFile()) return realpathSync(candidate)
  }
  return null
}
