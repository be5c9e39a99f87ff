import { z } from 'zod'

/** What is signed of a person's answer: canonical JSON of this, after a line that says what it is. */
export const AnswerStatement = z.strictObject({
  v: z.literal(1),
  approval_id: z.string(),
  answer: z.enum(['approved', 'denied']),
  by: z.string(),
  door: z.string(),
  /** The process that the answer came from; null where there is none, as from a page. */
  pid: z.int().nullable(),
  /** SHA-256 of the reason. */
  reason_hash: z.string(),
  /** SHA-256 of the canonical JSON of what was shown, and of the rendering of it; both hold a salt, kept with the content. */
  shown_hash: z.string(),
  preview_hash: z.string(),
  /** Of an answer that let the call run with other arguments: SHA-256 of the canonical JSON of these and the salt. */
  edited_hash: z.string().optional(),
  /** What the answer is bound to: client, user, session, server, tool, arguments and definition in one hash. */
  binding: z.string(),
  snapshot: z.string().nullable(),
  fingerprint: z.string(),
  level: z.int(),
  risk: z.int(),
  /** Milliseconds from when the request was opened to the answer. */
  held_ms: z.int(),
  at: z.string(),
  /** Id of the person who answered, and of the one for whom they stood; absent from before there were several people. */
  person: z.string().optional(),
  stands_for: z.string().nullable().optional(),
  /** How many answers it takes, and the earlier ones that count beside this one. */
  answers: z.int().optional(),
  with: z.array(z.strictObject({ person: z.string(), stands_for: z.string().nullable(), at: z.string() })).optional(),
})
export type AnswerStatement = z.infer<typeof AnswerStatement>

/** Whether a content is there to be read: it never was, it is, it was destroyed, or what lies there is not what was kept. */
export const contentStates = ['absent', 'kept', 'shredded', 'damaged'] as const
export type ContentState = (typeof contentStates)[number]

/** What an answered request proves. */
export const ApprovalProof = z.strictObject({
  approval_id: z.string(),
  /** Number of the record that holds the answer. */
  seq: z.int(),
  /** Null for an answer from before answers were signed. */
  statement: AnswerStatement.nullable(),
  /** Ed25519, base64. */
  signature: z.string().nullable(),
  /** Whether the key of this log signed the statement, and the record says the same. */
  verified: z.boolean(),
  reason: z.string(),
  content: z.enum(contentStates),
  /** When the content was destroyed. */
  shredded_at: z.string().nullable(),
  /** The request as it was shown, as text, with what looks secret masked; null when it is not kept. */
  preview: z.string().nullable(),
})
export type ApprovalProof = z.infer<typeof ApprovalProof>

/** The request exactly as it was shown. */
export const ShownContent = z.strictObject({
  approval_id: z.string(),
  shown_hash: z.string(),
  /** The canonical JSON whose SHA-256 is `shown_hash`. */
  shown: z.string(),
  preview: z.string(),
})
export type ShownContent = z.infer<typeof ShownContent>

/** The arguments of a call as they are kept: exactly what the record commits to by `arguments_hash`. */
export const KeptArguments = z.strictObject({
  call_id: z.string(),
  arguments_hash: z.string(),
  /** Text of the call's `params`. */
  params: z.string(),
})
export type KeptArguments = z.infer<typeof KeptArguments>
