import type { ApprovalOverview } from '../../shared/approval.ts'

/** A part of a sentence about a call; `strong` parts came from the client and are shown as data. */
export type SentencePart = { text: string; strong?: boolean }

/** What a sentence is made of: facts of the registry, and what the client sent. */
export type SentenceFacts = Pick<ApprovalOverview, 'server' | 'kind' | 'tool' | 'action' | 'arguments' | 'resources'>
