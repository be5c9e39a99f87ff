import { ToolgateError } from '../../../shared/errors.ts'
import { kindFromClient } from '../../../shared/traffic.ts'
import { type Message, paramOf, paramsOf, parseMessage } from '../json/message.ts'
import { takeNo } from '../pipeline/ask-in-client.ts'
import { type Brought, formOf, inputMembers, saidIn } from '../pipeline/asked-back.ts'
import type { CallRequest, Deps, Send } from '../pipeline/call.ts'
import { callTool } from '../pipeline/call-tool.ts'
import { Refused } from '../pipeline/refused.ts'
import type { ToolDefinition } from '../registry/definition.ts'
import { stoppedBy } from '../stop/halts.ts'
import type { createCalls } from './calls.ts'
import type { Listeners } from './listeners.ts'
import type { Speaks } from './news.ts'
import type { createOpenRequests } from './open-requests.ts'
import { progressTo } from './progress-to.ts'
import type { Noted } from './record-events.ts'
import { subscribed, toRequest, withoutInput } from './request.ts'
import type { SessionInfo } from './session.ts'
import { createTasks } from './tasks.ts'
import { errorLine, filterList, listings } from './to-client.ts'
import { isForAppsOnly } from './views.ts'

type MessageId = NonNullable<Message['id']>

/** The parts of a session that its decided requests work with. */
type Parts = {
  open: ReturnType<typeof createOpenRequests>
  calls: ReturnType<typeof createCalls>
  listeners: Listeners
  /** What the server says a tool is right now. */
  live: (tool: string) => Promise<ToolDefinition | null>
  /** Asks the server something of ours. */
  ask: (method: string, params: Record<string, unknown>) => Promise<Message>
  /** Asks the client something of ours, until `signal` fires. */
  askClient: (method: string, params: Record<string, unknown>, signal: AbortSignal) => Promise<Message>
  noted: Noted
  /** Sends a request on as it is. Throws why not. */
  pass: (message: Message, id: MessageId) => void
  toClient: (line: Buffer, answered?: string) => void
  unanswered: (id: MessageId) => void
}

/** The requests of a session's client that policy decides, each in its pipeline until it is answered. */
export function createDecided(info: SessionInfo, deps: Deps, parts: Parts) {
  const { open, calls, listeners, noted, pass, toClient, unanswered } = parts
  const tasks = createTasks()
  const running = new Set<Promise<void>>()

  async function call(message: Message, id: MessageId, said: Speaks): Promise<void> {
    const cancelled = new AbortController()
    open.add(id.key, { idText: id.text, method: message.method ?? '', cancel: cancelled })
    const reply = await answer(message, id, cancelled.signal, said)
    open.remove(id.key)
    await deps.probe('replied')
    const halt = cancelledByClient(cancelled.signal) ? null : deps.haltOf(info.serverName, info.client.id)
    if (reply) toClient(reply, id.key)
    // Whoever did not cancel it waits for an answer.
    else if (halt) toClient(errorLine(id.text, stoppedBy(halt), info.serverName), id.key)
    else unanswered(id)
  }

  async function answer(message: Message, id: MessageId, signal: AbortSignal, said: Speaks): Promise<Buffer | null> {
    const { method } = message
    const { client } = info
    const names = [client.id, client.name, ...(said.name === null ? [] : [said.name])]
    const caller = { arrivedMs: deps.clock.monotonic(), names, progress: progressTo(message, toClient) }
    try {
      const task = kindFromClient(method ?? '') === 'task' ? tasks.of(message) : null
      const send: Send = (sent, attempt, timeoutMs) => calls.send(sent, attempt, timeoutMs, signal)
      const given = paramsOf(message)
      const ours = deps.askedBack.isOurs(given)
      const coming = { ...info, from: 'client' as const, live: (tool: string) => live(tool, said.apps) }
      const own = ours ? withoutInput(message) : message
      const request = toRequest(own, { ...coming, send, signal, ask: parts.ask }, task)
      const brought = ours ? deps.askedBack.take(request, given) : null
      // Before anything else may refuse the call: a no is a no.
      if (brought?.answer === 'deny') takeNo(brought, deps)
      const asking = said.forms || brought ? askPerson(parts, request, brought) : {}
      const reply = await callTool({ ...request, ...asking, caller }, deps)
      tasks.learn(reply, request.toolName)
      if (!reply || reply.refused || method !== 'tasks/list') return reply?.line ?? null
      return filterList(parseMessage(reply.line), listings.tasks, ({ taskId }) => tasks.knows(taskId))
    } catch (error) {
      const why = (error as Error).message
      return errorLine(id.text, noted('request.refused', { method, why }, error), info.serverName)
    }
  }

  /** A tool as it is right now; one that only apps call is none for a client that shows no apps. */
  async function live(name: string, apps: boolean) {
    const tool = await parts.live(name)
    if (tool && !apps && isForAppsOnly(tool)) throw new Refused('TOOL_FOR_APPS', 'blocked')
    return tool
  }

  /** Each resource that a client wants to hear of is decided like a subscription of its own; one refused refuses them all. */
  async function listen(message: Message, id: MessageId): Promise<void> {
    const cancelled = new AbortController()
    open.add(id.key, { idText: id.text, method: 'subscriptions/listen', cancel: cancelled })
    try {
      for (const each of subscribed(message)) {
        const send = async () => ({ kind: 'answer' as const, message: each.answer })
        const coming = { ...info, from: 'client' as const, live: async () => null, send, signal: cancelled.signal }
        const reply = await callTool(toRequest(each.request, coming), deps)
        if (reply === null) throw new ToolgateError('CALL_CANCELLED')
        if (reply.refused) throw reply.refused
      }
      // Who went away meanwhile was told nothing yet, and could not end it later.
      if (cancelled.signal.aborted) throw new ToolgateError('CALL_CANCELLED')
      open.remove(id.key)
      listeners.add(message)
      pass(message, id)
    } catch (error) {
      open.remove(id.key)
      listeners.remove(id.key)
      if (cancelled.signal.aborted) unanswered(id)
      else toClient(errorLine(id.text, error, info.serverName))
    }
  }

  return {
    /**
     * Takes a request, when it is one that is decided. `said`: what the client says of itself. INVARIANT: nothing escapes from it, whatever its
     * answer is: that would end the gateway.
     */
    take(message: Message, id: MessageId, said: Speaks): boolean {
      const listens = message.method === 'subscriptions/listen'
      if (!listens && kindFromClient(message.method ?? '') === null) return false
      const ended = (listens ? listen(message, id) : call(message, id, said))
        .catch((error: unknown) => deps.log.error('an answer could not be given', { error: String(error) }))
        .finally(() => running.delete(ended))
      running.add(ended)
      return true
    },

    /** The requests that are in their pipeline. */
    running: () => [...running],
  }
}

/** A client that cancels says so by a message, which the signal carries. */
function cancelledByClient({ reason }: AbortSignal): boolean {
  return Buffer.isBuffer(reason)
}

/** How the client of a request asks its person. What brings the input that its server asked for cannot bring ours, too. */
function askPerson(
  { askClient }: Parts,
  { generation, message }: CallRequest,
  brought: Brought | null,
): Pick<CallRequest, 'askPerson'> {
  if (generation === 'legacy') {
    const ask = async (question: string, signal: AbortSignal) =>
      saidIn((await askClient('elicitation/create', formOf(question), signal)).json.result)
    return { askPerson: { how: 'meanwhile', ask } }
  }
  const forServer = inputMembers.some((name) => paramOf(message, name))
  return forServer ? {} : { askPerson: { how: 'in_answer', brought } }
}
