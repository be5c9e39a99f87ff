import type { ApprovalOverview } from '../../shared/approval.ts'
import { isAskedByServer } from '../../shared/asked-words.ts'
import type { Action } from '../../shared/envelope.ts'
import { fileDeed } from './file-deed.ts'
import { otherDeed } from './other-deed.ts'
import type { SentenceFacts, SentencePart } from './sentence-part.ts'

const tails: Record<Action, string> = {
  read: ', which only reads',
  write: ', which changes something',
  destructive: ', which may delete or overwrite',
}

/**
 * What a call is about to do, as it follows “wants to”: built from the name and the reviewed action of the tool and from the
 * arguments, never from the server's own words (ui.md, words). `home` is written as `~`.
 */
export function requestDeed(call: SentenceFacts, home: string | null): SentencePart[] {
  if (call.kind !== 'tool') return deedOfKind(call)
  const args = parsed(call.arguments)
  const deed = args && (otherDeed(call, args, home) ?? fileDeed(call, args, home))
  if (deed && deed !== 'unclear') return deed
  return [{ text: 'run ' }, { text: `${call.server} › ${call.tool}`, strong: true }, { text: tails[call.action] }]
}

/** What is no call of a tool: from its kind and its name alone. */
function deedOfKind({ kind, tool, server }: SentenceFacts): SentencePart[] {
  const named = (before: string, name: string, after = ''): SentencePart[] => [
    ...[{ text: `${before} ` }, { text: name, strong: true }],
    ...(after === '' ? [] : [{ text: after }]),
  ]
  const on = ` on ${server}`
  switch (kind) {
    case 'resource':
      return named('read the resource', tool, on)
    case 'prompt':
      return named('use the prompt', tool, on)
    case 'completion':
      return named('get proposals for', tool, on)
    case 'task':
      return tool.startsWith('tasks/')
        ? [{ text: `follow its tasks${on}` }]
        : named('follow a task of', `${server} › ${tool}`)
    case 'sampling':
      return [{ text: 'have the model of the client answer it' }]
    case 'roots':
      return [{ text: 'know the folders of the client' }]
    default:
      return tool === 'form' ? [{ text: 'have you fill in a form' }] : named('have you open a link to', tool)
  }
}

/** The whole sentence: who wants what. */
export function requestSentence(
  call: SentenceFacts & Pick<ApprovalOverview, 'client'>,
  home: string | null,
): SentencePart[] {
  const deed = requestDeed(call, home)
  const { name, tenant } = call.client
  const who = [
    { text: name, strong: true },
    ...(tenant === undefined ? [] : [{ text: ', for ' }, { text: tenant, strong: true }]),
  ]
  if (!isAskedByServer(call.kind)) {
    return [...who, { text: tenant === undefined ? ' wants to ' : ', wants to ' }, ...deed]
  }
  const asked = [{ text: ', at ' }, ...who]
  return [{ text: call.server, strong: true }, { text: ' wants to ' }, ...deed, ...asked]
}

/** A sentence as one text, for titles and notifications. */
export function plainSentence(parts: readonly SentencePart[]): string {
  return parts.map(({ text }) => text).join('')
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
