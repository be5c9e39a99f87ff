import type { ApprovalOverview } from '../../shared/approval.ts'
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
  const args = parsed(call.arguments)
  const deed = args && (otherDeed(call, args, home) ?? fileDeed(call, args, home))
  return (
    deed ?? [{ text: 'run ' }, { text: `${call.server} › ${call.tool}`, strong: true }, { text: tails[call.action] }]
  )
}

/** The whole sentence: who wants what. */
export function requestSentence(
  call: SentenceFacts & Pick<ApprovalOverview, 'client'>,
  home: string | null,
): SentencePart[] {
  return [{ text: call.client.name, strong: true }, { text: ' wants to ' }, ...requestDeed(call, home)]
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
