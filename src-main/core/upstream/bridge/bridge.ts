import { ToolgateError } from '../../../../shared/errors.ts'
import type { LaunchSpec } from '../../../../shared/server.ts'
import { generationOf } from '../../gateway/request.ts'
import { createTooLong } from '../../gateway/too-long.ts'
import { keyOf, type Message, messageIn, objectOf, parseMessage } from '../../json/message.ts'
import { salvage } from '../../json/salvage.ts'
import { type LiveLimits, limitReached } from '../../limits.ts'
import type { Clock, Log } from '../../ports.ts'
import type { RunningServer, ServerEvents, ServerUse, StartServer } from '../../registry/inspect.ts'
import { openDiscovery } from './discover.ts'
import type { Face, FaceDeps, MessageId } from './face.ts'
import { openForLegacyClient } from './legacy-client.ts'
import { openForModernClient } from './modern-client.ts'
import { thatGoesOn } from './rejoin.ts'
import { codes } from './vocabulary.ts'

type Generation = 'legacy' | 'modern'

/** `generationOf`: what review found a server to speak; of one that speaks both, `modern`. Null when nobody knows. */
type Deps = { generationOf: (launch: LaunchSpec) => Generation | null; limits: LiveLimits; clock: Clock; log: Log }

type Options = Deps & {
  start: StartServer
  launch: LaunchSpec
  on: ServerEvents
  use: ServerUse | undefined
  modernOnly: WeakSet<LaunchSpec>
}

/** Errors that answer `initialize` where it is not known, or not in this version. */
const notSpoken: readonly unknown[] = [codes.methodNotFound, codes.unsupportedVersion]

/**
 * Starts servers like `start`, and puts a bridge in front of one that does not speak the protocol generation of its client (protocol.md
 * 1.3). Where both speak the same, lines pass as they are.
 */
export function bridgeGenerations(start: StartServer, deps: Deps): StartServer {
  /** Servers that turned `initialize` down and answered `server/discover`, as long as they are registered like this. */
  const modernOnly = new WeakSet<LaunchSpec>()
  return (launch, on, use) => openBridge({ start, launch, on, use, modernOnly, ...deps })
}

function openBridge({ start, launch, on, use, modernOnly, limits, clock, log, ...options }: Options): RunningServer {
  const generation = options.generationOf(launch)
  const deps: FaceDeps = {
    ...{ toServer, toClient: on.line, lost: on.lost, again, end: leave, log },
    soon: (fn) => void setImmediate(() => guarded(fn)),
    clock: { ...clock, after: (ms, fn) => clock.after(ms, () => guarded(fn)) },
  }
  const native: Face = { ...on, fromClient: toServer, close: () => {} }
  const unknown: Face = { ...native, fromClient: first }
  let face = unknown
  /** The server has been asked to begin a session itself, and has not answered. */
  let trying = false
  const isNative = () => face.fromClient === toServer || face.fromClient === first
  /** What to do when the server ends, instead of saying that it did. */
  let whenGone: (() => void) | null = null
  let writable = true
  let server = connect()

  function toServer(line: Buffer): void {
    if (!server.write(line)) writable = false
  }

  /** INVARIANT: whatever a server sends, nothing escapes from here: its end would be everybody's. */
  function guarded(take: () => void): void {
    try {
      take()
    } catch (error) {
      log.error('what a server said could not be carried to its client', { error: String(error).slice(0, 200) })
    }
  }

  /** Starts the server; one that was started before is heard no more. */
  function connect(): RunningServer {
    const events: ServerEvents = {
      line: (line) => mine() && guarded(() => face.line(line)),
      tooLong: (head) => mine() && guarded(() => face.tooLong(head)),
      skipped: (tail) => mine() && guarded(() => face.skipped(tail)),
      lost: (id, error) => mine() && guarded(() => face.lost(id, error)),
      exit: (reason) => mine() && exited(reason),
      interrupted: (reason) => mine() && interrupted(reason),
      woke: () => mine() && guarded(() => face.woke?.()),
      // Between two generations a face knows itself what was subscribed to.
      again: async (line) => {
        if (mine() && isNative()) await again(line)
      },
      // What is between two generations lives as long as its server, which so must not end for want of use.
      busy: () => on.busy?.() ?? (isNative() ? null : 'news'),
    }
    const started: RunningServer = start(launch, events, use)
    const mine = () => server === started
    return started
  }

  /** The server will be there again, and the session goes on, unless what it speaks was being found out. */
  function interrupted(reason: string): void {
    if (trying && !whenGone) face = unknown
    trying = false
    if (!on.interrupted || (!isNative() && !face.serverEnded)) {
      leave(reason)
      return
    }
    if (face.serverEnded) {
      const gone = face
      face = gone.serverEnded?.() ?? unknown
      if (face === unknown) gone.close()
    }
    on.interrupted(reason)
  }

  async function again(line: Buffer): Promise<void> {
    await on.again?.(line)
  }

  function leave(reason: string): void {
    const ended = server
    exited(reason)
    // It is heard no more, or was replaced.
    void ended.end()
  }

  function exited(reason: string): void {
    face.close()
    if (whenGone) whenGone()
    else on.exit(reason)
  }

  /** What the client says first tells which generation it speaks; until then its messages pass. */
  function first(line: Buffer): void {
    const message = parseMessage(line)
    const modern = message.kind === 'request' && generationOf(message) === 'modern'
    if (message.kind === 'request' && message.method === 'initialize' && message.id) begin(message, message.id)
    else if (modern && generation === 'legacy') {
      face = openForModernClient(deps)
      face.fromClient(line)
    } else {
      if (modern) face = native
      toServer(line)
    }
  }

  function goOnWith(next: Face): void {
    face = next
  }

  /** What the client says before it is known how its server is spoken to: as many messages as wait for a server elsewhere. */
  function keep(early: Buffer[], line: Buffer): void {
    limits.room('queued_messages', early.length)
    const most = limits.of('max_message_bytes')
    const bytes = early.reduce((sum, { length }) => sum + length, line.length)
    if (bytes > most) throw limitReached('max_message_bytes', most)
    early.push(line)
  }

  function begin(message: Message, id: MessageId): void {
    if (modernOnly.has(launch)) discover(message, id, null)
    else tryAsItIs(message, id)
  }

  /** Lets a server answer `initialize` itself: one that speaks both generations does. */
  function tryAsItIs(message: Message, id: MessageId): void {
    const early: Buffer[] = []
    const settle = () => {
      whenGone = null
      trying = false
      face = native
      for (const line of early) toServer(line)
    }
    const bridge = (refusal: Buffer | null) => discover(message, id, refusal, early)
    // An answer all the same, though its client is told that it cannot be read.
    const tooLong = createTooLong((head, idText) => wouldAnswer(head, id, idText) && settle())
    face = {
      ...{ fromClient: (line) => keep(early, line), close: native.close },
      tooLong(head) {
        tooLong.tooLong(head)
        on.tooLong(head)
      },
      skipped(tail) {
        tooLong.skipped(tail)
        on.skipped(tail)
      },
      line(line) {
        const error = errorFor(line, id)
        if (error === null) {
          if (wouldAnswer(line, id)) settle()
          return on.line(line)
        }
        if (error !== false && (generation === 'modern' || notSpoken.includes(error.code))) return bridge(line)
        settle()
        on.line(line)
      },
      lost(lostId, error) {
        if (generation === 'modern' && error.code !== 'SERVER_WANTS_SIGN_IN') return bridge(null)
        settle()
        on.lost(lostId, error)
      },
    }
    // Some servers end when they are asked in words that they do not know.
    if (generation === 'modern') {
      whenGone = () => {
        server = connect()
        bridge(null)
      }
    }
    trying = true
    toServer(message.raw)
  }

  /** Asks what the server is, and bridges when it is of the stateless generation; else the client gets its `refusal`. */
  function discover(message: Message, id: MessageId, refusal: Buffer | null, early: Buffer[] = []): void {
    whenGone = null
    trying = false
    const found = (discovered: Message | null) => {
      if (discovered) {
        modernOnly.add(launch)
        const bridged = openForLegacyClient(message, discovered, deps)
        face = thatGoesOn(bridged, { initialize: message, discovered, deps, keep, use: goOnWith })
        face.fromClient(message.raw)
      } else {
        modernOnly.delete(launch)
        face = native
        if (refusal) on.line(refusal)
        else on.lost(id, new ToolgateError('SERVER_START_FAILED', 'it began no session and did not say what it speaks'))
      }
      for (const line of early) face.fromClient(line)
    }
    const asking = openDiscovery(message, deps, found)
    face = { ...asking, fromClient: (line) => keep(early, line) }
  }

  return {
    write(line) {
      writable = true
      const before = face
      try {
        face.fromClient(line)
      } catch (error) {
        // A server that may not be started now: the next message is the first one again.
        if (before === unknown) face = unknown
        throw error
      }
      return writable
    },
    drain: () => server.drain(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    async end() {
      whenGone = null
      face.close()
      await server.end()
    },
  }
}

/** Whether a line that is no message for us, or only how one began, would have answered the request `id`. */
function wouldAnswer(line: Buffer, id: MessageId, knownId?: string): boolean {
  const { asks, idText } = salvage(line)
  return !asks && keyOf(JSON.parse(knownId ?? idText)) === id.key
}

/** The error with which a line answers the request `id`; false when it answers with a result, null when it answers something else. */
function errorFor(line: Buffer, id: MessageId): { code?: unknown } | false | null {
  const message = messageIn(line)
  if (message?.kind !== 'response' || message.id?.key !== id.key) return null
  return message.spans.has('error') ? objectOf(message.json.error) : false
}
