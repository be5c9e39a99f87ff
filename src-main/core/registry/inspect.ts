import { ToolgateError } from '../../../shared/errors.ts'
import type { LaunchSpec } from '../../../shared/server.ts'
import { parseExact } from '../json/exact.ts'
import { type Message, messageIn } from '../json/message.ts'
import { createOwnRequests, type OwnRequests } from '../json/own-requests.ts'
import { textOf } from '../json/spans.ts'
import type { Clock } from '../ports.ts'
import { createReviewAnswers, reviewCapabilities } from './asked-in-review.ts'
import { type ToolDefinition, toolsOf } from './definition.ts'
import type { Inspection } from './review.ts'

/** A running server as seen by whoever talks to it, line by line. `write` is false when `drain` should be waited for. */
export type RunningServer = {
  write: (line: Buffer) => boolean
  drain: () => Promise<void>
  pause: () => void
  resume: () => void
  end: () => Promise<void>
  /** Process id; null while there is none, and for a server that is reached over HTTP. */
  pid?: () => number | null
  /** This machine slept: what may have died meanwhile is made anew. False: that is only possible with another connection. */
  wake?: () => boolean
}

/**
 * What a server does: lines come without their line feed, one too long only as its beginning; `lost`: this request will not be
 * answered, though the server may go on; `exit` comes once.
 */
export type ServerEvents = {
  line: (line: Buffer) => void
  /** A line is longer than the limit; `head` is how it began. Where only its end may name it, `skipped` follows. */
  tooLong: (head: Buffer) => void
  skipped: (tail: Buffer) => void
  lost: (id: NonNullable<Message['id']>, error: ToolgateError) => void
  exit: (reason: string) => void
  /** What the server wrote to its standard error: its own words, without secrets that are recognised. */
  said?: (text: string) => void
  /**
   * The server ended, but will be there again with the next request: nothing that is open will be answered. Whoever does not
   * listen for it hears `exit` instead.
   */
  interrupted?: (reason: string) => void
  /**
   * A request of the client, as it was, that the process before this one had taken and this one must be asked again: it is decided
   * anew, and its answer reaches nobody. Resolves when that is over, never rejects. Without a listener nothing is asked again.
   */
  again?: (line: Buffer) => Promise<void>
  /** What the client waits for: an answer, or only news (`subscriptions/listen`). Null for nothing. */
  busy?: () => 'answers' | 'news' | null
  /** This machine slept, and the connections to the server were made anew: nothing that it says by itself may come on the old ones. */
  woke?: () => void
}

/** For whom a server runs: a session of a client. */
export type ServerUse = { id: string; serverName: string; client: { name: string } }

/** Starts a server; what is written before it runs is kept for it. A failure to start is an `exit`. */
export type StartServer = (launch: LaunchSpec, on: ServerEvents, use?: ServerUse) => RunningServer

/** Who we are to a server that we ask ourselves. */
const clientInfo = { name: 'toolgate', version: '0.1.0' }

const modernVersion = '2026-07-28'

/** The request metadata of protocol 2026-07-28, which every request must carry. */
export const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': modernVersion,
  'io.modelcontextprotocol/clientCapabilities': reviewCapabilities,
  'io.modelcontextprotocol/clientInfo': clientInfo,
}

const discoverTimeoutMs = 3_000
const answerTimeoutMs = 20_000
const maxPages = 100

type Peer = OwnRequests & { notify: (method: string) => void; end: () => Promise<void> }

function open(launch: LaunchSpec, start: StartServer, clock: Clock): Peer {
  const answerTo = createReviewAnswers()
  const running = start(launch, {
    line: (line) => {
      const message = messageIn(line)
      if (!message || own.take(message)) return
      const answer = answerTo(message)
      if (answer) running.write(answer)
    },
    skipped: () => {},
    tooLong: () => own.failAll(new ToolgateError('SERVER_START_FAILED', 'it answers with more than the message limit')),
    lost: ({ text }, error) => void own.fail(JSON.parse(text), error),
    exit: (reason) => own.failAll(new ToolgateError('SERVER_START_FAILED', reason)),
  })
  const own = createOwnRequests((line) => void running.write(line), clock)
  const notify = (method: string) => running.write(Buffer.from(JSON.stringify({ jsonrpc: '2.0', method })))
  return { ...own, notify, end: () => running.end() }
}

/** The result of an answer, its numbers exact; throws SERVER_START_FAILED for an error answer, without the server's words. */
export function resultOf(message: Message): Record<string, unknown> {
  const span = message.spans.get('result')
  if (span) return parseExact(textOf(message.raw, span)) as Record<string, unknown>
  const { code } = (message.json.error ?? {}) as { code?: unknown }
  throw new ToolgateError(
    'SERVER_START_FAILED',
    `the server answered with error ${Number.isInteger(code) ? code : 'of no code'}`,
  )
}

/** All pages of a server's tools. `meta` is the request metadata that the modern generation needs. */
export async function listTools(
  peer: Pick<OwnRequests, 'ask'>,
  meta: Record<string, unknown> | null,
): Promise<ToolDefinition[]> {
  const tools: ToolDefinition[] = []
  let cursor: unknown
  for (let page = 0; page < maxPages; page++) {
    const params = { ...(cursor === undefined ? {} : { cursor }), ...(meta ? { _meta: meta } : {}) }
    const result = resultOf(await peer.ask('tools/list', params, answerTimeoutMs))
    tools.push(...toolsOf(result))
    cursor = result.nextCursor
    if (cursor === undefined || cursor === null) return tools
  }
  throw new ToolgateError('SERVER_START_FAILED', `the server lists more than ${maxPages} pages of tools`)
}

const unsigned: readonly string[] = ['SERVER_WANTS_SIGN_IN', 'SERVER_WANTS_SCOPES', 'SERVER_REFUSES_HEADER']

/** Whoever is not signed in hears nothing of generations: that is no answer to go on from. */
function unlessSigned(error: unknown): null {
  if (error instanceof ToolgateError && unsigned.includes(error.code)) throw error
  return null
}

const unsupportedVersion = -32022

/** Whether an answer refuses the version of the request and yet lists it among those that the server speaks. */
function refusedButSpoken({ json }: Message): boolean {
  const { code, data } = (json.error ?? {}) as { code?: unknown; data?: { supported?: unknown } | null }
  const supported = data?.supported
  return code === unsupportedVersion && Array.isArray(supported) && supported.includes(modernVersion)
}

/** What came of asking in the modern way: `silent` when nothing came in time, null when the answer was not of that generation. */
type Modern = Inspection | 'silent' | null

async function inspectModern(peer: Peer, timeoutMs: number): Promise<Modern> {
  let silent = false
  const ask = () =>
    peer.ask('server/discover', { _meta: modernMeta }, timeoutMs).catch((error) => {
      silent = error instanceof ToolgateError && error.code === 'SERVER_EXITED'
      return unlessSigned(error)
    })
  let answer = await ask()
  // A version that was refused and stands in the list of those it speaks is asked for once more (2026-07-28, versioning).
  if (answer && refusedButSpoken(answer)) answer = await ask()
  if (silent) return 'silent'
  if (!answer?.spans.has('result')) return null
  const { instructions } = resultOf(answer)
  return {
    generation: 'modern',
    tools: await listTools(peer, modernMeta),
    instructions: typeof instructions === 'string' ? instructions : '',
  }
}

async function inspectLegacy(peer: Peer): Promise<Inspection> {
  const answer = await peer.ask(
    'initialize',
    { protocolVersion: '2025-11-25', capabilities: reviewCapabilities, clientInfo },
    answerTimeoutMs,
  )
  const { instructions, capabilities } = resultOf(answer)
  peer.notify('notifications/initialized')
  const offersTools = typeof capabilities === 'object' && capabilities !== null && 'tools' in capabilities
  const tools = offersTools ? await listTools(peer, null) : []
  return { generation: 'legacy', tools, instructions: typeof instructions === 'string' ? instructions : '' }
}

/** How much longer than to `initialize` a server may take to answer what it hears first in the modern way. */
const patience = 4

/**
 * Runs a server to see its generation and tools. The first try asks in the modern way, in a process of its own, because some
 * older servers exit when anything comes before `initialize` (protocol.md 1.3). Throws SERVER_START_FAILED.
 */
export async function inspectServer(launch: LaunchSpec, start: StartServer, clock: Clock): Promise<Inspection> {
  const run = async <T>(inspect: (peer: Peer) => Promise<T>): Promise<T> => {
    const peer = open(launch, start, clock)
    try {
      return await inspect(peer)
    } finally {
      await peer.end()
    }
  }
  // Over HTTP everything is answered, and it can take a while to get there; over stdio some older servers stay silent.
  const discoverMs = launch.transport === 'http' ? answerTimeoutMs : discoverTimeoutMs
  const first = await run((peer) => inspectModern(peer, discoverMs))
  if (first !== 'silent' && first !== null) return first
  const began = clock.monotonic()
  const legacy = await run(inspectLegacy).catch((error: unknown) => ({ error }))
  const failed = 'error' in legacy
  const tookMs = failed ? answerTimeoutMs : (clock.monotonic() - began) * patience
  // The silence of a server that is slow to start said nothing: it is heard out before it counts as one of the older generation.
  if (first === 'silent' && tookMs > discoverMs) {
    const again = await run((peer) => inspectModern(peer, Math.min(tookMs, answerTimeoutMs)))
    if (again !== 'silent' && again !== null) return again
  }
  if (failed) throw legacy.error
  return legacy
}
