import { ToolgateError } from '../../../shared/errors.ts'
import { changedMembers } from '../json/changed-members.ts'
import { type Message, metaOf, objectOf, paramsOf, parseMessage } from '../json/message.ts'
import { splice } from '../json/spans.ts'
import { inputMembers } from '../pipeline/asked-back.ts'
import type { CallRequest } from '../pipeline/call.ts'
import { calledTool, subjectOf } from '../pipeline/subject.ts'
import { modernMeta } from '../registry/inspect.ts'
import type { Speaks } from './news.ts'
import type { SessionInfo } from './session.ts'
import type { Task } from './tasks.ts'

const versionKey = 'io.modelcontextprotocol/protocolVersion'
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'
const clientInfoKey = 'io.modelcontextprotocol/clientInfo'

/** Which protocol generation a request speaks: 2026-07-28 says so in every request, earlier ones never do. */
export function generationOf(message: Message): 'legacy' | 'modern' {
  return versionKey in metaOf(message) ? 'modern' : 'legacy'
}

/** The extension by which a client says that it shows the apps of a server (MCP Apps). */
const appsExtension = 'io.modelcontextprotocol/ui'

/** Whether a client says that it shows apps: in `initialize`, or, from 2026-07-28 on, in each request; null when it says nothing. */
function showsApps(message: Message): boolean | null {
  const said = message.method === 'initialize' ? paramsOf(message).capabilities : metaOf(message)[capabilitiesKey]
  if (typeof said !== 'object' || said === null) return null
  return objectOf(objectOf(said).extensions)[appsExtension] !== undefined
}

/**
 * Whether a client asks its person what a form asks: it says so in `initialize`, or, from 2026-07-28 on, in each request; null when it says
 * nothing of itself. Before 2025-11-25 there were only forms.
 */
function asksForms(message: Message, generation: 'legacy' | 'modern'): boolean | null {
  if (generation === 'legacy' && message.method !== 'initialize') return null
  const said = generation === 'modern' ? metaOf(message)[capabilitiesKey] : paramsOf(message).capabilities
  const { elicitation } = objectOf(said)
  if (typeof elicitation !== 'object' || elicitation === null) return false
  return 'form' in elicitation || !('url' in elicitation)
}

/** What a client says of itself in this request, and said `before`. */
export function saidIn(message: Message, generation: 'legacy' | 'modern', before: Speaks): Speaks {
  return {
    ...{ generation, ownMeta: ownMetaFor(message) },
    ...{ apps: showsApps(message) ?? before.apps, name: claimedName(message) ?? before.name },
    forms: asksForms(message, generation) ?? before.forms,
  }
}

/** A call without the input that it brings, everything else in its own bytes. */
export function withoutInput({ raw, spans }: Message): Message {
  const span = spans.get('params')
  if (!span) throw new Error('what brings nothing has nothing to lose')
  const nothing = Object.fromEntries(inputMembers.map((name) => [name, null]))
  return parseMessage(splice(raw, [{ span, text: changedMembers(raw, span, nothing) }]))
}

/** More resources than this in one `subscriptions/listen` are refused. */
const mostSubscribed = 100

/** The resources that a `subscriptions/listen` wants to hear of, each as the request of its own that it is decided as. */
export function subscribed(message: Message): { request: Message; answer: Message }[] {
  const { notifications, _meta } = paramsOf(message)
  const uris = objectOf(notifications).resourceSubscriptions ?? []
  if (!Array.isArray(uris) || uris.length > mostSubscribed) {
    throw new ToolgateError(
      'MALFORMED_MESSAGE',
      `\`resourceSubscriptions\` must be a list of at most ${mostSubscribed}`,
    )
  }
  const line = (fields: object) => parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 0, ...fields })))
  const answer = line({ result: {} })
  return uris.map((uri) => ({ request: line({ method: 'resources/subscribe', params: { uri, _meta } }), answer }))
}

/**
 * The metadata for a request of ours beside this one of the client: null in the generation with sessions. What the client can do goes along,
 * because ours may be the first that the server gets.
 */
function ownMetaFor(message: Message): Record<string, unknown> | null {
  if (message.method === 'initialize' || generationOf(message) === 'legacy') return null
  const _meta = metaOf(message)
  const said = [capabilitiesKey, clientInfoKey].filter((key) => typeof _meta[key] === 'object' && _meta[key] !== null)
  return { ...modernMeta, ...Object.fromEntries(said.map((key) => [key, _meta[key]])) }
}

/** What a client calls itself: in `initialize`, or, from 2026-07-28 on, in the metadata of its requests; null when it does not. */
export function claimedName(message: Message): string | null {
  const info = message.method === 'initialize' ? paramsOf(message).clientInfo : metaOf(message)[clientInfoKey]
  const { name } = objectOf(info)
  return typeof name === 'string' && name !== '' ? name.slice(0, 80) : null
}

/** What a request needs besides its message: the session it came in, and how it is sent on and ended. */
type Coming = SessionInfo & Pick<CallRequest, 'from' | 'live' | 'send' | 'signal' | 'ask'>

/**
 * A governed message as the pipeline takes it; throws MALFORMED_MESSAGE when it is none. `task`: the call that made the task it is
 * about. The lineage that approvals are bound to is the connection, or, for the stateless generation, the client's credential with
 * the server (contracts.md, bindings); a credential is for one tenant.
 */
export function toRequest(message: Message, coming: Coming, task: Task | null = null): CallRequest {
  const { id, client, serverName, from, live, send, signal, ask } = coming
  const generation = generationOf(message)
  // A claimed name is anybody's: only a credential carries an approval from one connection to the next.
  const stateless = generation === 'modern' && client.identity === 'verified'
  const credential = client.tenant === '' ? client.id : `${client.id} ${client.tenant}`
  const lineage = stateless ? `${credential} ${serverName}` : id
  return {
    ...(message.method === 'tools/call' ? calledTool(message) : subjectOf(message, task?.toolName)),
    ...{ from, generation, serverName, live, send, signal, ...(ask && { ask }) },
    correlation: task?.callId ?? null,
    session: { id, lineage },
    client: { ...client },
  }
}
