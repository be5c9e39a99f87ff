import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Message, messageIn, paramsOf } from '../json/message.ts'
import { splice } from '../json/spans.ts'

/**
 * A message whose bytes hold one of these may belong to the handshake; all others need not be read for it, and long ones not even
 * be searched. One that a client wrote otherwise is not told to a new process, which then says that it was not begun.
 */
const needles = ['initialize', 'setLevel', 'subscribe'].map((text) => Buffer.from(text))
const longest = 16 * 1024
/** A client's subscriptions are remembered up to so many; with more, its session cannot be begun again. */
const mostSubscriptions = 1_000

/** What a server said it is; when it says something else after a restart, its client would hold wrong beliefs. */
type Identity = { protocolVersion: unknown; capabilities: unknown; name: unknown }

/**
 * What the client of a session told its server in the older generation that a new process must be told again: `initialize`,
 * that it is done, and the log level. The answers to that are ours and reach nobody. What it subscribed to is only remembered here:
 * policy may have changed since.
 */
export function createHandshake() {
  const prefix = `toolgate-again-${randomBytes(8).toString('hex')}-`
  let count = 0
  let begun: { line: Message; identity: Identity | null } | null = null
  let initialized: Buffer | null = null
  let level: Message | null = null
  const subscriptions = new Map<string, Message>()
  /** Ids of ours that wait for an answer; `initialize` has the first. */
  const waiting = new Set<string>()

  function learn(message: Message): void {
    const { method } = message
    const { uri } = paramsOf(message)
    if (method === 'initialize') {
      begun = { line: message, identity: null }
      initialized = null
    } else if (method === 'notifications/initialized') initialized = message.raw
    else if (method === 'logging/setLevel') level = message
    else if (method === 'resources/subscribe') subscriptions.set(String(uri), message)
    else if (method === 'resources/unsubscribe') subscriptions.delete(String(uri))
  }

  const underOurId = (message: Message): Buffer => {
    const id = `${prefix}${++count}`
    waiting.add(id)
    return message.id ? splice(message.raw, [{ span: message.id.span, text: JSON.stringify(id) }]) : message.raw
  }

  return {
    /** Looks at what the client says. */
    note(line: Buffer): void {
      if (line.length > longest || !needles.some((needle) => line.includes(needle))) return
      const message = messageIn(line)
      if (message) learn(message)
    },

    /** Whether what the server says must be looked at. */
    listens: () => waiting.size > 0 || begun?.identity === null,

    /**
     * Looks at what the server says. `first`: it has begun again; `other`: it has, and is not the server that it was; `mine`: it
     * answers us. Null: it is the client's business.
     */
    hear(line: Buffer): 'first' | 'other' | 'mine' | null {
      const message = messageIn(line)
      if (message?.kind !== 'response' || !message.id) return null
      const { id } = message.json
      if (begun && message.id.key === begun.line.id?.key && waiting.size === 0) {
        if (message.spans.has('result')) begun.identity = identityOf(message)
        else begun = null
        return null
      }
      if (typeof id !== 'string' || !waiting.delete(id)) return null
      if (!id.endsWith('-first') || !begun) return 'mine'
      return message.spans.has('result') && isSame(identityOf(message), begun.identity) ? 'first' : 'other'
    },

    /** The process is gone: what waited for its answer does not any more. */
    broken(): void {
      waiting.clear()
      if (begun?.identity === null) begun = null
    },

    /** False for a client of the stateless generation, or one that has not begun: a new process needs to be told nothing. */
    isDone: () => begun !== null && begun.identity !== null,

    /** Whether a new process can be told all of it. */
    isWhole: () => subscriptions.size <= mostSubscriptions,

    /** The line with which a new process is begun, under an id of ours. */
    first(): Buffer {
      const id = `${prefix}${++count}-first`
      waiting.add(id)
      const message = begun?.line
      return message?.id ? splice(message.raw, [{ span: message.id.span, text: JSON.stringify(id) }]) : Buffer.alloc(0)
    },

    /** What follows once that was answered. */
    rest: (): Buffer[] => [...(initialized ? [initialized] : []), ...(level ? [underOurId(level)] : [])],

    /**
     * What the client is subscribed to, one after the other, and no longer remembered: each is decided anew, and learned again when
     * it goes to the new process. One that the client has ended meanwhile is left out.
     */
    *takeSubscriptions(): Iterable<Buffer> {
      for (const [uri, message] of [...subscriptions]) {
        if (subscriptions.get(uri) !== message) continue
        subscriptions.delete(uri)
        yield message.raw
      }
    },

    /** The news that a new process may bring, as far as the server said that it tells such: a client asks again after it. */
    news(): Buffer[] {
      const capabilities = (begun?.identity?.capabilities ?? {}) as Record<
        string,
        { listChanged?: unknown } | undefined
      >
      return ['tools', 'resources', 'prompts']
        .filter((kind) => capabilities[kind]?.listChanged === true)
        .map((kind) => Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${kind}/list_changed"}`))
    },
  }
}

function identityOf({ json }: Message): Identity {
  const { protocolVersion, capabilities, serverInfo } = (json.result ?? {}) as Record<string, unknown>
  const { name } = (serverInfo ?? {}) as { name?: unknown }
  return { protocolVersion, capabilities, name }
}

/** What is nested too deep to compare is not the same as anything. */
function isSame(one: Identity, other: Identity | null): boolean {
  try {
    return isDeepStrictEqual(one, other)
  } catch {
    return false
  }
}
