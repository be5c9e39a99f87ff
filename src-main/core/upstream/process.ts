import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { ToolgateError } from '../../../shared/errors.ts'
import type { StdioLaunch } from '../../../shared/server.ts'
import { createLineSplitter } from '../gateway/lines.ts'
import { lineWriter } from '../line-writer.ts'
import type { Log } from '../ports.ts'
import { endGroup, groupGone, signal } from './process-group.ts'
import type { Reaper } from './reaper.ts'
import { programOf, serverEnvironment } from './server-environment.ts'
import { type StartProgram, startProgram } from './start-program.ts'
import { createStderrLines } from './stderr-lines.ts'

type Child = ChildProcessWithoutNullStreams

/** How long what is left of a server's group after its own end, or after SIGTERM, gets before SIGKILL. */
const termGraceMs = 2000

/** How a server process ended. */
export type ServerExit = { code: number | null; signal: NodeJS.Signals | null }

/** What to run, and who takes what it says. */
export type ServerProcessOptions = {
  launch: StdioLaunch
  /** How its program is started; by default plainly. */
  start?: StartProgram | undefined
  /** PATH for finding the command, and in the server's environment. */
  path: string
  /** Value of TOOLGATE_GOVERNED in the server's environment. */
  governed: string
  /** Longest line from the server in bytes. */
  limit: number
  onLine: (line: Buffer) => void
  /** A line over the limit, which is skipped: the bytes seen so far and its beginning. */
  onTooLong: (bytesSeen: number, head: Buffer) => void
  /** The rest of such a line is over; `tail` is how it ended. */
  onSkipped: (tail: Buffer) => void
  /** Clean, capped and rate-limited. */
  onStderr: (line: string) => void
  /** Called once, after the last line, when no process of the server is left. */
  onExit: (exit: ServerExit) => void
  log: Log
  reaper: Reaper
}

/** A running server. */
export type ServerProcess = {
  pid: number
  /** Sends one message and its line feed. False: wait for `drain` before sending more. */
  write: (line: Buffer) => boolean
  /** Resolves when more can be written, or nothing ever again. */
  drain: () => Promise<void>
  /** Stops and restarts reading from the server, so that it waits while its client reads slowly. */
  pause: () => void
  resume: () => void
  /** Closes the server's input; what remains after `graceMs` gets SIGTERM, then SIGKILL. Resolves when nothing is left. */
  end: (graceMs: number) => Promise<void>
  /** SIGKILL to the whole group, now. */
  kill: () => void
}

/**
 * Starts a server in a session and process group of its own, with a clean environment. Throws ToolgateError
 * SERVER_START_FAILED when it cannot be run.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = await spawnServer(options)
  const pid = child.pid as number
  const state = { gone: false }
  let draining: Promise<void> | null = null
  const ended = watch(child, pid, options).finally(() => {
    state.gone = true
  })
  return {
    pid,
    write: lineWriter(child.stdin),
    async drain() {
      if (!child.stdin.writableNeedDrain) return
      draining ??= drained(child.stdin).finally(() => {
        draining = null
      })
      await draining
      // A failed write ends the wait too: the server's end follows.
      if (child.stdin.errored) await ended
    },
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    async end(graceMs) {
      child.stdin.end()
      // Nobody reads any more: a server that is blocked on its output must be able to end.
      child.stdout.resume()
      if (!state.gone && !(await groupGone(pid, graceMs))) await endGroup(pid, termGraceMs)
      await ended
    },
    kill() {
      if (!state.gone) signal(pid, 'SIGKILL')
    },
  }
}

async function spawnServer({
  launch,
  path,
  governed,
  reaper,
  start = startProgram,
}: ServerProcessOptions): Promise<Child> {
  const file = programOf(launch, path)
  const command = { file, args: launch.args, cwd: launch.cwd, env: serverEnvironment(launch, path, governed) }
  let group: number | undefined
  try {
    return await start(command, (child) => {
      group = child.pid as number
      register(child, group, reaper)
    })
  } catch (error) {
    if (group !== undefined) {
      await endGroup(group, 0)
      reaper.remove(group)
    }
    if (error instanceof ToolgateError) throw error
    const detail = `\`${file}\`: ${(error as Error).message}`
    throw new ToolgateError('SERVER_START_FAILED', detail, { cause: error })
  }
}

function register(child: ChildProcess, pid: number, reaper: Reaper): void {
  try {
    reaper.add(pid)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

/** Carries what the server says to its callbacks; resolves after `onExit`. */
async function watch(child: Child, pid: number, options: ServerProcessOptions): Promise<void> {
  const { limit, onLine, onTooLong, onSkipped, onStderr, onExit, log, reaper } = options
  const stderr = createStderrLines(onStderr)
  child.stdout.on('data', createLineSplitter({ limit, onLine, onTooLong, onSkipped }).push)
  child.stderr.on('data', stderr.push)
  // A server that has closed its input or ended: `exit` tells.
  child.stdin.on('error', () => {})
  const closed = once(child, 'close')
  const [code, signalName] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  // Descendants (npx starts node) must not outlive the server.
  if (!(await endGroup(pid, termGraceMs))) log.error('processes of a server cannot be ended', { group: pid })
  await Promise.race([closed, outputEnded(child)])
  child.stdout.destroy()
  child.stderr.destroy()
  stderr.end()
  reaper.remove(pid)
  onExit({ code, signal: signalName })
}

/** Resolves when a stream takes more, or nothing ever again. */
async function drained(stream: Writable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  stream.once('drain', resolve).once('close', resolve)
  await promise
  stream.off('drain', resolve).off('close', resolve)
}

/** Resolves a second after nobody holds the output back: a descendant that left the group may keep it open for ever. */
async function outputEnded({ stdout }: Child): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, 1000).unref())
  while (stdout.isPaused() && !stdout.closed)
}
