import { kindFromServer } from '../../../shared/traffic.ts'
import { type Message, parseMessage } from '../json/message.ts'
import { duplicateKey } from '../json/outline.ts'
import { elements, member, members, type Span, textOf } from '../json/spans.ts'
import type { CallRequest, Reply, ScreenedCall } from './call.ts'
import { Refused } from './refused.ts'
import { subjectOf } from './subject.ts'

/** Error of 2025-11-25 by which a server wants links opened before it goes on (SEP-1036); 2026-07-28 asks in the result. */
const linksRequired = -32042

/** More questions than this in one answer are not asked of anybody. */
const mostQuestions = 32

/**
 * Stage 10, second half: what an answer asks back (`inputRequests`, and links that must be opened first) is decided and recorded like
 * a request of the server of the same kind. One that is refused reaches nobody: the whole answer is withheld. Throws Refused.
 */
export async function admitAsked(
  call: ScreenedCall,
  admit: (request: CallRequest) => Promise<Reply>,
): Promise<ScreenedCall> {
  for (const question of questionsIn(call)) {
    const message = parseMessage(Buffer.from(question))
    const { method, kind } = message
    if (kind !== 'request' || kindFromServer(method ?? '') === null) throw unreadable(`it asks \`${method}\``)
    const send = async () => ({ kind: 'answer' as const, message: delivered })
    const subject = subjectOf(message, call.request.toolName)
    // The client still waits for its call; the server may have told it of progress, below which ours would be.
    const caller = call.request.caller && { ...call.request.caller, progress: null }
    const asked = { ...call.request, ...subject, from: 'server' as const, correlation: call.id, send }
    const reply = await admit({ ...asked, ...(caller && { caller }) })
    if (reply === null) throw new Refused('CALL_CANCELLED', 'cancelled')
    if (reply.refused) {
      throw new Refused(reply.refused.code, 'withheld', [`The server asked for ${method}.`, ...reply.refused.lines])
    }
  }
  return call
}

/** The spellings under which `part` asks for something: some clients read any of them. */
function asking(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.keys(part).filter((key) => key.toLowerCase() === 'inputrequests')
}

/**
 * Whether a message of a server asks its client for something where nobody decides on it: in news, or in the answer to a request that only
 * passed. Such a message reaches nobody; what a task asks is in the answer to `tasks/get`, too.
 */
export function asksUndecided({ json }: Message): boolean {
  const { params, result, error } = json as { params?: unknown; result?: unknown; error?: { code?: unknown } | null }
  return asking(params).length > 0 || asking(result).length > 0 || error?.code === linksRequired
}

/** Stands for the client, which answers with its next request. */
const delivered = parseMessage(Buffer.from('{"jsonrpc":"2.0","id":0,"result":{}}'))

/** The questions of an answer, each as the text of a request. */
function questionsIn({ answer, line }: ScreenedCall): string[] {
  const { result, error } = answer.json as { result?: object | null; error?: { code?: unknown } | null }
  if (typeof result === 'object' && result !== null) {
    const spelled = asking(result)
    if (spelled.length === 0) return []
    if (spelled.length > 1 || spelled[0] !== 'inputRequests') throw unreadable('`inputRequests` is spelled in two ways')
    const [raw, span] = partOf(line, 'result')
    const asked = member(raw, span, 'inputRequests')
    return few(asked ? members(raw, asked).map(({ value }) => question(textOf(raw, value))) : [])
  }
  if (error?.code !== linksRequired) return []
  const [raw, span] = partOf(line, 'error')
  const data = member(raw, span, 'data')
  const links = data && member(raw, data, 'elicitations')
  const params = links ? elements(raw, links).map((link) => textOf(raw, link)) : []
  return few(params.map((text) => question(`{"method":"elicitation/create","params":${text}}`)))
}

/** A part of the line as it will be delivered; one that could be read in two ways is not. */
function partOf(line: Buffer, name: 'result' | 'error'): [Buffer, Span] {
  const span = parseMessage(line).spans.get(name)
  if (!span || duplicateKey(line, span) !== null) throw unreadable('a key appears twice in it')
  return [line, span]
}

function question(text: string): string {
  if (!text.startsWith('{') || /^\{\s*\}$/.test(text)) throw unreadable('it asks nothing')
  return `{"jsonrpc":"2.0","id":0,${text.slice(1)}`
}

function few(questions: string[]): string[] {
  if (questions.length > mostQuestions) throw unreadable(`it asks more than ${mostQuestions} things at once`)
  return questions
}

function unreadable(detail: string): Refused {
  return new Refused('RESULT_WITHHELD', 'withheld', [`The server asks for something in its answer, but ${detail}.`])
}
