import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import type { HookingClient } from '../../../shared/hooked-tools.ts'
import { Failure } from '../failure.ts'
import { askGateway, type Verdict } from './ask-gateway.ts'
import { readAsked } from './read-asked.ts'

/** Below the time that a hook gets from its client (`hookTimeoutSec`), so that the client hears no instead of nothing. */
const withinMs = 590_000
/** More than the gateway takes. */
const mostBytes = 16 * 1024 * 1024

/** The exit code that every client takes for a no. */
export const hookRefuses = 2

/** How a hook ends: its exit code, and what it says on both of its outputs. */
export type HookEnd = { code: number; out: string; err: string }

/**
 * One run of a hook: reads what the client wants to run and asks whether it may. Whatever goes wrong is a no, since a hook that
 * merely fails is passed over by the client.
 */
export async function runHook(
  client: HookingClient,
  input: Readable,
  connected: () => Promise<Socket>,
): Promise<HookEnd> {
  const verdict = await judge(client, input, connected).catch(
    (error: unknown): Verdict => ({ allowed: false, why: reasonOf(error) }),
  )
  return endOf(client, verdict)
}

async function judge(client: HookingClient, input: Readable, connected: () => Promise<Socket>): Promise<Verdict> {
  const asked = readAsked(client, await readAll(input))
  return askGateway(await connected(), asked, withinMs)
}

/**
 * What each client takes for a no. A yes says nothing: the client's own rules and questions stay in force, which an `allow` would
 * skip. Claude Code and Codex: code 2, the reason on standard error. Cursor: an answer in JSON.
 */
function endOf(client: HookingClient, verdict: Verdict): HookEnd {
  if (client === 'cursor') {
    const said = verdict.allowed ? {} : { permission: 'deny', user_message: verdict.why, agent_message: verdict.why }
    return { code: 0, out: `${JSON.stringify(said)}\n`, err: '' }
  }
  return verdict.allowed ? { code: 0, out: '', err: '' } : { code: hookRefuses, out: '', err: `${verdict.why}\n` }
}

function reasonOf(error: unknown): string {
  const why = error instanceof Failure ? `${error.message}; ${error.hint}` : String((error as Error).message)
  return `Toolgate could not decide, so this may not run: ${why}`
}

async function readAll(input: Readable): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of input as AsyncIterable<Buffer>) {
    size += part.length
    if (size > mostBytes) throw new Error('what the client wants to run is longer than 16 MiB')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** Says how a hook ended, and gives its exit code once that was taken. */
export async function sayEnd({ code, out, err }: HookEnd, stdout: Writable, stderr: Writable): Promise<number> {
  const written = (stream: Writable, text: string) => new Promise<void>((done) => stream.write(text, () => done()))
  await Promise.all([written(stdout, out), written(stderr, err)])
  return code
}
