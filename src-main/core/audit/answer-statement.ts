import { hash, sign, verify } from 'node:crypto'
import type { AuditProblem } from '../../../shared/audit.ts'
import type { AnswerStatement } from '../../../shared/proof.ts'
import { canonicalJson } from './canonical.ts'
import type { NoteKey } from './note.ts'
import type { SigningKey } from './signing-key.ts'

/**
 * What precedes a statement where it is signed. A checkpoint begins with the origin of its log, so that one is never taken for
 * the other though the same key signs both.
 */
const context = 'toolgate/answer-v1\n'

/** Signs people's answers with the key of a log (Ed25519, base64), and tells whether a signature is one of its own. */
export type AnswerSigner = {
  sign: (statement: AnswerStatement) => string
  isSigned: (statement: unknown, signature: unknown) => boolean
}

/** What signs answers with the key of a log. */
export function answerSigner({ privateKey, noteKey }: SigningKey): AnswerSigner {
  return {
    sign: (statement) => sign(null, signedBytes(statement), privateKey).toString('base64'),
    isSigned: (statement, signature) => isSigned(statement, signature, [noteKey]),
  }
}

/** Whether one of the keys signed exactly this statement. */
function isSigned(statement: unknown, signature: unknown, keys: readonly NoteKey[]): boolean {
  if (typeof signature !== 'string' || typeof statement !== 'object' || statement === null) return false
  const bytes = Buffer.from(signature, 'base64')
  return keys.some(({ publicKey }) => verify(null, signedBytes(statement), publicKey, bytes))
}

function signedBytes(statement: object): Buffer {
  return Buffer.from(context + canonicalJson(statement))
}

/** Facts of an answer that its record says beside the statement, and that must be the same in it. */
const repeated = ['approval_id', 'answer', 'by', 'door', 'shown_hash', 'level'] as const

/** Whether a record of an answer says what its statement says, the reason included. */
export function saysTheSame(detail: Record<string, unknown>, statement: unknown): boolean {
  if (typeof statement !== 'object' || statement === null) return false
  const stated = statement as Record<string, unknown>
  const reason = typeof detail.reason === 'string' ? hash('sha256', detail.reason) : null
  return repeated.every((name) => detail[name] === stated[name]) && stated.reason_hash === reason
}

/**
 * Looks at each record of a log for people's answers: from the first signed one on, every answer must be signed by a key of
 * the log and say what its record says. Without keys only the latter is told.
 */
export function createAnswerCheck(keys: readonly NoteKey[] | null, report: (problem: AuditProblem) => void) {
  let signed = false
  return {
    look(seq: number, bytes: Uint8Array | null): void {
      const detail = answerIn(bytes)
      if (!detail) return
      const { statement, signature } = detail
      const none = statement === undefined && signature === undefined
      // Records from before answers were signed.
      if (none && !signed) return
      signed = true
      const forged = (why: string) => {
        const id = String(detail.approval_id).slice(0, 80)
        report({ seq, kind: 'signature', message: `the answer to \`${id}\` in record ${seq} ${why}` })
      }
      if (none) forged('is not signed, though answers before it are')
      else if (!saysTheSame(detail, statement)) forged('is not what was signed')
      else if (keys && !isSigned(statement, signature, keys)) forged('is not signed by the key of this log')
    },
    /** Whether there are answers whose signatures nobody checked. */
    unchecked: () => signed && keys === null,
  }
}

/** What the record says of a person's answer; null when it is of something else. */
function answerIn(bytes: Uint8Array | null): Record<string, unknown> | null {
  if (!bytes || !mentions(bytes)) return null
  try {
    const { event, detail } = JSON.parse(Buffer.from(bytes).toString())
    // `given`: one of several answers that a request takes.
    const answered =
      ['approval.settled', 'approval.given'].includes(event) &&
      (detail?.answer === 'approved' || detail?.answer === 'denied')
    return answered ? detail : null
  } catch {
    // That it cannot be read is found by the walk.
    return null
  }
}

function mentions(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return text.includes('"approval.settled"') || text.includes('"approval.given"')
}
