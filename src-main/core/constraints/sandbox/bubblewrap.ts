import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:net'
import { dirname } from 'node:path'
import type { Writable } from 'node:stream'
import { ToolgateError } from '../../../../shared/errors.ts'
import type { Command } from '../../upstream/start-program.ts'
import { apart } from './availability.ts'
import { type View, viewOf } from './bubblewrap-view.ts'
import type { HiddenPlaces } from './hidden-places.ts'
import type { SandboxPlan } from './plan.ts'
import type { Program } from './program-files.ts'
import { socketFilter } from './seccomp.ts'

/** How a program is put into a sandbox: what it is held to, and what is kept from it. */
export type Box = { bubblewrap: string; plan: SandboxPlan; hidden: HiddenPlaces }

/**
 * What a process in the sandbox is born as: it opens the way out, a listener within the sandbox's own network, hands it to the
 * gateway, and becomes the program when it is told to (same process, same id). It ends when nobody is there to tell it, so that a
 * killed gateway leaves nothing behind. What it becomes is not a word of its command line, and it knows no environment but its
 * own. Its channel is closed before: the program has nothing but its three streams.
 */
const helper = `
const { createServer } = require('node:net')
const alone = () => process.exit(1)
process.once('disconnect', alone)
process.on('message', (message) => (message.file === undefined ? begin(message) : become(message)))
function begin({ listen }) {
  if (!listen) return process.send({ ready: true })
  const server = createServer({ pauseOnConnect: true })
  server.listen(0, '127.0.0.1', () => process.send({ ready: true }, server))
}
function become({ file, args, env }) {
  process.removeListener('disconnect', alone)
  process.once('disconnect', () => setImmediate(() => process.execve(file, [file, ...args], env)))
  process.disconnect()
}
`

/** Programs of the gateway that the sandbox needs: what the helper runs in. */
function runtime(): string[] {
  return [process.versions.electron === undefined ? process.execPath : dirname(process.execPath)]
}

/** The words to bubblewrap: what is apart, what is seen, and the helper. */
function wordsOf(view: View, { cwd }: Program, isolated: boolean): string[] {
  const network = isolated ? [] : ['--share-net']
  const helped = [process.execPath, '--no-warnings', '--input-type=commonjs', '-e', helper]
  return [...apart, ...network, ...view.words, '--chdir', cwd, '--seccomp', '4', '--', ...helped]
}

/**
 * Starts a program in a sandbox of its own. `born` hears of the process as soon as it is there. `serve` takes the only way out of
 * it, a listener in the sandbox's own network (null where the network is not bounded), and gives the environment in which the
 * program finds it. Throws ToolgateError SERVER_START_FAILED.
 */
export async function startBoxed(
  { bubblewrap, plan, hidden }: Box,
  command: Command,
  born: (child: ChildProcess) => void,
  serve: (listener: Server | null) => Record<string, string>,
): Promise<ChildProcessWithoutNullStreams> {
  const isolated = plan.network !== null
  const view = viewOf(plan, command, runtime(), hidden)
  const child = spawn(bubblewrap, wordsOf(view, command, isolated), {
    cwd: '/',
    env: process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc', 'pipe'],
  }) as unknown as ChildProcessWithoutNullStreams
  if (child.pid === undefined) await once(child, 'spawn')
  born(child)
  // A process that ends at once takes neither; its end tells.
  const filter = child.stdio[4] as unknown as Writable
  filter.on('error', () => {})
  filter.end(socketFilter())
  child.send({ listen: isolated }, () => {})
  const listener = await ready(child)
  const own = view.temporary === null ? {} : { TMPDIR: view.temporary }
  const env = { ...command.env, ...own, ...serve(listener) }
  child.send({ file: command.file, args: command.args, env }, () => {})
  return child
}

/** The listener of the helper, or null when it has none. Rejects when the process ends before, with what it said. */
async function ready(child: ChildProcessWithoutNullStreams): Promise<Server | null> {
  const said: Buffer[] = []
  const hear = (chunk: Buffer) => said.push(chunk)
  child.stderr.on('data', hear)
  const told = await Promise.race([once(child, 'message'), once(child, 'close').then(() => null)])
  child.stderr.off('data', hear)
  if (told) return (told[1] as Server | undefined) ?? null
  const [line = ''] = Buffer.concat(said).toString('utf8').trim().split('\n')
  const why = line.slice(0, 300) || `it ended with code ${child.exitCode}`
  throw new ToolgateError('SERVER_START_FAILED', `its sandbox could not be made: ${why}`)
}
