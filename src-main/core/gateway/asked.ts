import { ToolgateError } from '../../../shared/errors.ts'
import { kindFromServer } from '../../../shared/traffic.ts'
import { cancelledKey, type Message } from '../json/message.ts'
import { createOwnRequests } from '../json/own-requests.ts'
import type { Deps, Send, SendResult } from '../pipeline/call.ts'
import { callTool } from '../pipeline/call-tool.ts'
import { createCalls } from './calls.ts'
import type { Noted } from './record-events.ts'
import { toRequest } from './request.ts'
import type { SessionInfo } from './session.ts'
import { createTasks } from './tasks.ts'
import { errorLine } from './to-client.ts'

/** As long as a request for approval may wait at all: what ends it ends the question too. */
const longestAskMs = 86_400_000

/** A server may have so many questions open at once. */
const mostOpen = 64

type Wires = {
  toClient: (line: Buffer) => void
  toServer: (line: Buffer) => void
  noted: Noted
  hold: () => () => void
}

/**
 * What a server asks of its client (sampling, elicitation, roots, and the tasks these make): each is decided and recorded before the client
 * sees it, and the answer scanned before the server does. One that is refused never reaches the client. And what Toolgate itself asks.
 */
export function createAsked(info: SessionInfo, deps: Deps, { toClient, toServer, noted, hold }: Wires) {
  const calls = createCalls(toClient, deps.clock)
  const own = createOwnRequests(toClient, deps.clock)
  const open = new Map<string, AbortController>()
  const tasks = createTasks()

  function reply(line: Buffer): void {
    try {
      toServer(line)
    } catch {
      // The server is gone, and with it whoever wanted to know.
    }
  }

  async function ask(message: Message, idText: string, ended: AbortController): Promise<void> {
    const { signal } = ended
    const release = hold()
    try {
      const task = kindFromServer(message.method ?? '') === 'task' ? tasks.of(message) : null
      const send: Send = (sent, attempt, timeoutMs) => {
        const answer = calls.send(sent, attempt, timeoutMs, signal)
        release()
        return answer
      }
      const coming = { ...info, from: 'server' as const, live: async () => null, send, signal }
      const request = toRequest(message, coming, task)
      const answered = await callTool({ ...request, held: release }, deps)
      tasks.learn(answered, request.toolName)
      if (answered) reply(answered.line)
      // Who cancelled it wants no answer; when somebody else ended it, the server must not wait for ever.
      else if (!Buffer.isBuffer(signal.reason)) reply(errorLine(idText, new ToolgateError('CALL_CANCELLED'), ''))
    } catch (error) {
      const why = (error as Error).message
      reply(errorLine(idText, noted('request.refused', { method: message.method, why }, error), ''))
    } finally {
      release()
    }
  }

  return {
    /** Takes a request of the server, when it is one that is decided. */
    take(message: Message): boolean {
      const { id, method } = message
      if (message.kind !== 'request' || !id || kindFromServer(method ?? '') === null) return false
      if (open.has(id.key) || open.size >= mostOpen) {
        const why = open.has(id.key) ? 'a request with this id is still open' : `${mostOpen} requests are open already`
        reply(errorLine(id.text, new ToolgateError('MALFORMED_MESSAGE', why), ''))
        return true
      }
      const ended = new AbortController()
      open.set(id.key, ended)
      void ask(message, id.text, ended).finally(() => open.delete(id.key))
      return true
    },

    /** Asks the client something of ours, until `signal` fires. */
    ask: (method: string, params: Record<string, unknown>, signal: AbortSignal): Promise<Message> =>
      own.ask(method, params, longestAskMs, signal),

    /** Hands the client's answer to the question it is for; false when there is none. */
    answer(key: string, result: SendResult): boolean {
      const ours =
        result.kind === 'answer'
          ? own.take(result.message)
          : own.fail(key.replace(/^string:/, ''), new ToolgateError('MALFORMED_MESSAGE', 'its answer cannot be read'))
      return ours || calls.answer(key, result)
    },

    /** True when the request that the server cancels is one of these; the client hears of it when it knows the request. */
    cancel(message: Message): boolean {
      const found = open.get(cancelledKey(message) ?? '')
      found?.abort(message.raw)
      return found !== undefined
    },

    /** Ends all of them: the client or the server is gone, or everything is stopped. */
    end(): void {
      for (const ended of open.values()) ended.abort()
      own.failAll(new ToolgateError('CALL_CANCELLED'), true)
    },
  }
}
