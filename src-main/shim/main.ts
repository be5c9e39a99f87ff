import type { Socket } from 'node:net'
import type { HookingClient } from '../../shared/hooked-tools.ts'
import { answerRequests } from './answer-requests.ts'
import { hookedToolsOf, readArguments, type ShimArguments, usage } from './arguments.ts'
import { connectGateway } from './connect.ts'
import { Failure } from './failure.ts'
import { hookRefuses, runHook, sayEnd } from './hook/run-hook.ts'
import { serveHookedTools } from './hook/serve-tools.ts'
import { holdBack, pump } from './pump.ts'
import { startGateway } from './start-gateway.ts'

const { stdin, stdout, stderr } = process
let socket: Socket | null = null
let ending = false

function say(message: string): void {
  stderr.write(`toolgate: ${message}\n`)
}

/** Ends, once what was written has been taken; when nobody takes it, soon all the same. */
function end(code: number): void {
  if (ending) return
  ending = true
  process.exitCode = code
  stdin.destroy()
  socket?.destroy()
  if (stdout.writableLength + stderr.writableLength === 0) process.exit(code)
  setTimeout(() => process.exit(code), 2000).unref()
}

/** A client that was killed cannot close anything: without it there is no reason to stay. */
function watchParent(): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent || !lives(parent)) process.exit(0)
  }, 1000).unref()
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function argumentsOrEnd(): ShimArguments | { hookedTools: HookingClient } {
  const words = process.argv.slice(2)
  try {
    const hookedTools = hookedToolsOf(words)
    return hookedTools ? { hookedTools } : readArguments(words)
  } catch (error) {
    say(`${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  return new Failure('INTERNAL', `Toolgate failed: ${(error as Error).message}`, 'run `toolgate doctor`', {
    cause: error,
  })
}

async function serve(args: ShimArguments): Promise<void> {
  const release = holdBack(stdin)
  const silent = (): void => end(0)
  stdin.once('end', silent)
  try {
    socket = await connected(args)
  } catch (error) {
    const failure = failureOf(error)
    say(`${failure.message}; ${failure.hint}`)
    stdin.off('end', silent).once('end', () => end(1))
    release()
    answerRequests(stdin, stdout, failure)
    return
  }
  stdin.off('end', silent)
  release()
  const who = await pump(socket, stdin, stdout)
  if (who === 'gateway' && !ending) say('the gateway ended the connection')
  end(who === 'gateway' ? 1 : 0)
}

/** The gateway's socket, to one that is started when none runs. Throws Failure. */
async function connected(args: ShimArguments): Promise<Socket> {
  return (await connectGateway(args)) ?? (await startGateway(args))
}

/** One question of a client's hook. */
async function answerHook(client: HookingClient, args: ShimArguments): Promise<void> {
  end(await sayEnd(await runHook(client, stdin, () => connected(args)), stdout, stderr))
}

const args = argumentsOrEnd()
const hook = 'hook' in args ? args.hook : null
/** A hook that is cut short must not be taken for a yes. */
const cutShort = hook ? hookRefuses : 0
if (process.env.TOOLGATE_PROFILE && !('hookedTools' in args) && !args.named)
  say('TOOLGATE_PROFILE is ignored here, a project could set it; use `--profile DIR`')
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(cutShort))
if (hook) process.on('uncaughtException', () => end(cutShort))
stdin.on('error', () => end(cutShort))
// Nobody reads any more; there is nothing to tell and nobody to tell it to.
stdout.on('error', () => end(cutShort))
stderr.on('error', () => {})
watchParent()
if ('hookedTools' in args) serveHookedTools(args.hookedTools, stdin, stdout)
else if (args.hook) void answerHook(args.hook, args)
else void serve(args)
