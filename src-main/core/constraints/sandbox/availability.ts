import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Clock } from '../../ports.ts'
import { realOf } from './links.ts'
import { socketFilter } from './seccomp.ts'

/** The program that makes sandboxes here, or why there is none, in words. */
export type Sandboxing = { kind: 'bubblewrap' | 'seatbelt'; program: string } | { kind: 'none'; why: string }

/** A sandbox that could not be made is tried again: a person may have installed what was missing. */
const tryAgainMs = 10_000
/** It takes some milliseconds; a machine on which it hangs has no sandbox. */
const trialMs = 5_000
const seatbelt = '/usr/bin/sandbox-exec'

/** What every sandbox of bubblewrap begins with: namespaces of its own, no privileges, and a filter where there is one. */
export const apart = ['--unshare-all', '--cap-drop', 'ALL']

/** Answers whether servers can be sandboxed, by looking and by trying it once. `path`: PATH in which the program is looked for. */
export function createSandboxing(path: string, clock: Clock): () => Sandboxing {
  let known: { answer: Sandboxing; at: number } | null = null
  return () => {
    const stale = known?.answer.kind === 'none' && clock.monotonic() - known.at >= tryAgainMs
    if (!known || stale) known = { answer: look(path), at: clock.monotonic() }
    return known.answer
  }
}

function look(path: string): Sandboxing {
  if (process.platform === 'darwin') {
    return isProgram(seatbelt) ? { kind: 'seatbelt', program: seatbelt } : none(`\`${seatbelt}\` is not there`)
  }
  if (process.platform !== 'linux') return none(`there is no sandbox for servers on this system (${process.platform})`)
  const folders = path.split(delimiter).filter(isAbsolute)
  const program = folders.map((folder) => join(folder, 'bwrap')).find(isProgram)
  if (!program) return none('bubblewrap is not installed: `apt install bubblewrap`, or what your system calls it')
  if (isReplaceable(program)) {
    return none(
      `a governed program could replace \`${program}\`: install bubblewrap for the whole system, as its administrator`,
    )
  }
  if (socketFilter() === null) return none(`there is no sandbox for servers on this processor (${process.arch})`)
  if (typeof process.execve !== 'function') return none('it needs a Node that knows `process.execve`')
  return tried(program)
}

const none = (why: string): Sandboxing => ({ kind: 'none', why })

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Whether others than the administrator may write it, and so what this user runs. */
function isReplaceable(program: string): boolean {
  const { uid, mode } = statSync(realOf(program) ?? program)
  return uid !== 0 || (mode & 0o022) !== 0
}

/** Some systems forbid what a sandbox is made of (namespaces of users), which only trying shows. */
function tried(program: string): Sandboxing {
  const view = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc']
  const { status, stderr, error } = spawnSync(program, [...apart, ...view, '--', program, '--version'], {
    env: {},
    timeout: trialMs,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status === 0) return { kind: 'bubblewrap', program }
  const said = error?.message ?? (stderr.trim().split('\n')[0]?.slice(0, 200) || `it ended with code ${status}`)
  return none(`bubblewrap cannot make a sandbox on this system: ${said}`)
}
