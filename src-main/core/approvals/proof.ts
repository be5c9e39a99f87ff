import { hash, randomBytes } from 'node:crypto'
import type { ApprovalView } from '../../../shared/approval.ts'
import { requestLines } from '../../../shared/approval-text.ts'
import { CallError } from '../../../shared/call-errors.ts'
import { printable } from '../../../shared/printable.ts'
import type { ApprovalProof, ContentState, ShownContent } from '../../../shared/proof.ts'
import { AnswerStatement } from '../../../shared/proof.ts'
import { saysTheSame } from '../audit/answer-statement.ts'
import { canonicalJson } from '../audit/canonical.ts'
import type { AuditLog } from '../audit/log.ts'
import type { Contents, Kept } from '../content/contents.ts'
import type { Log } from '../ports.ts'
import { maskText } from '../safety/scan.ts'
import { findInText } from '../safety/screen.ts'
import type { ContentsTable } from '../store/contents-table.ts'
import { keptEdit } from './edit.ts'

/** A request as it is shown, without what changes while somebody looks at it. */
export type Shown = Omit<ApprovalView, 'state' | 'created_at' | 'expires_at' | 'caller_waits_until' | 'shown_hash'>

/** What is known of an answer besides what was shown. */
export type AnswerFacts = Pick<
  AnswerStatement,
  'answer' | 'by' | 'door' | 'pid' | 'binding' | 'snapshot' | 'fingerprint' | 'held_ms' | 'at'
> &
  Required<Pick<AnswerStatement, 'person' | 'stands_for' | 'answers' | 'with'>> & { reason: string }

/** Hidden in what is hashed, so that the hash in the record does not tell what the arguments were to whoever guesses them. */
export function newShownSalt(): string {
  return randomBytes(16).toString('hex')
}

/** What an answer's `shown_hash` is the SHA-256 of: canonical JSON of the request as shown, with its salt. */
export function shownText(shown: Shown, salt: string): string {
  return canonicalJson({ ...shown, salt })
}

export type Proofs = ReturnType<typeof createProofs>

/** What answers prove: keeps what was shown, signs what was answered, and tells both afterwards. */
export function createProofs(deps: { audit: AuditLog; contents: Contents; table: ContentsTable; log: Log }) {
  const { audit, contents, table } = deps

  function find(approvalId: string) {
    audit.settle()
    for (const { seq, body } of table.settled(approvalId)) {
      const detail = detailOf(body)
      if (detail?.answer === 'approved' || detail?.answer === 'denied') return { seq, detail }
    }
    throw new CallError(
      'NOT_FOUND',
      `no answer to a request \`${approvalId}\` is on record`,
      'see `toolgate audit tail`',
    )
  }

  function read(name: string | undefined): Kept | 'damaged' {
    try {
      return name === undefined ? null : contents.get(name)
    } catch (error) {
      deps.log.error('a kept content cannot be read', { error: String(error) })
      return 'damaged'
    }
  }

  return {
    /** The fields that prove an answer in its record, and what keeps what was shown, to run in the same transaction. */
    of(shown: Shown, salt: string, { reason, ...facts }: AnswerFacts, edited: string | null) {
      const text = shownText(shown, salt)
      const lines = requestLines(shown, `answered ${facts.at}`)
      const instead = edited === null ? [] : [`  changed to ${printable(edited)}`]
      const preview = canonicalJson({ salt, text: [...lines, ...instead].join('\n') })
      const kept = edited === null ? null : keptEdit(edited, salt)
      const statement: AnswerStatement = {
        ...{ v: 1, approval_id: shown.id, ...facts, reason_hash: hash('sha256', reason) },
        ...{ shown_hash: hash('sha256', text), preview_hash: hash('sha256', preview) },
        ...{ level: shown.level, risk: shown.risk.score },
        ...(kept && { edited_hash: kept.edited_hash }),
      }
      const keep = () => {
        for (const content of [text, preview, ...(kept ? [kept.text] : [])])
          contents.put(Buffer.from(content), shown.id)
      }
      return { detail: { statement, signature: audit.sign(statement) }, keep }
    },

    /** What an answered request proves. Throws NOT_FOUND when no answer is on record. */
    proofOf(approvalId: string): ApprovalProof {
      const { seq, detail } = find(approvalId)
      const parsed = AnswerStatement.safeParse(detail.statement)
      const statement = parsed.success ? parsed.data : null
      const verified = saysTheSame(detail, detail.statement) && audit.isSigned(detail.statement, detail.signature)
      const kept = read(statement?.preview_hash)
      const preview = kept && kept !== 'damaged' && 'bytes' in kept ? previewIn(kept.bytes) : null
      return {
        ...{ approval_id: approvalId, seq, statement, verified },
        signature: typeof detail.signature === 'string' ? detail.signature : null,
        reason: typeof detail.reason === 'string' ? detail.reason : '',
        content: stateOf(kept),
        shredded_at:
          kept && kept !== 'damaged' && 'shreddedAt' in kept ? new Date(kept.shreddedAt).toISOString() : null,
        preview: preview === null ? null : maskText(preview, findInText(preview)),
      }
    },

    /** What was shown, whole. Throws NOT_FOUND when it is not kept any more. */
    shownOf(approvalId: string): ShownContent {
      const { statement } = this.proofOf(approvalId)
      const [shown, preview] = [read(statement?.shown_hash), read(statement?.preview_hash)]
      if (!statement || !shown || !preview || shown === 'damaged' || preview === 'damaged') throw gone(approvalId)
      if (!('bytes' in shown) || !('bytes' in preview)) throw gone(approvalId)
      const { shown_hash } = statement
      return { approval_id: approvalId, shown_hash, shown: shown.bytes.toString(), preview: previewIn(preview.bytes) }
    },
  }
}

function gone(approvalId: string): CallError {
  return new CallError('NOT_FOUND', `what was shown of \`${approvalId}\` is not kept any more`)
}

function stateOf(kept: Kept | 'damaged'): ContentState {
  if (kept === 'damaged') return 'damaged'
  if (kept === null) return 'absent'
  return 'bytes' in kept ? 'kept' : 'shredded'
}

function previewIn(bytes: Buffer): string {
  return String((JSON.parse(bytes.toString()) as { text: unknown }).text)
}

function detailOf(body: string): Record<string, unknown> | null {
  try {
    return (JSON.parse(body) as { detail: Record<string, unknown> }).detail
  } catch {
    return null
  }
}
