import type { CallDetail, CallPage, CallRow } from '../../../shared/activity.ts'
import type { StoredEntry } from '../../../shared/audit.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { RuleView } from '../../../shared/policy-view.ts'
import type { AuditLog } from '../audit/log.ts'
import { type CallRecord, foldRecord } from './fold.ts'

export type Activity = ReturnType<typeof createActivity>

/** What the audit record says of calls, folded into one line each, and one of them in full. Reads the record and nothing else. */
export function createActivity(deps: {
  audit: Pick<AuditLog, 'callRecords' | 'newestCalls'>
  /** The rules of a policy that was in force at some time. */
  rulesOf: (hash: string) => RuleView[]
  inForce: () => string | null
}) {
  const { audit } = deps
  const rows = (ids: readonly string[]) => ids.flatMap((id) => fold(audit.callRecords(id)) ?? [])

  return {
    /** The newest state of some calls; those that are not on record are left out. */
    rows,

    page({ limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number | undefined }): CallPage {
      const found = audit.newestCalls(limit, before)
      const next = found.length < limit ? null : (found.at(-1)?.seq ?? null)
      return { rows: rows(found.map(({ call_id }) => call_id)), next }
    },

    /** Throws `CallError` NOT_FOUND. */
    detail(id: string): CallDetail {
      const records = audit.callRecords(id).filter((entry): entry is CallRecord & { hash: string } => isCall(entry))
      const row = fold(records)
      if (!row) throw new CallError('NOT_FOUND', `no call \`${id}\` is on record`, 'see `toolgate audit tail`')
      const snapshot = records.findLast(({ snapshot_hash }) => snapshot_hash !== undefined)?.snapshot_hash ?? ''
      const named = new Set(records.flatMap(({ rule_ids = [], matched_rules = [] }) => [...rule_ids, ...matched_rules]))
      const rules = named.size === 0 ? [] : deps.rulesOf(snapshot).filter((rule) => named.has(rule.id))
      return { row, records, rules, in_force: snapshot !== '' && snapshot === deps.inForce() }
    },
  }
}

function isCall(entry: StoredEntry): entry is CallRecord {
  return entry.kind === 'call'
}

function fold(entries: readonly StoredEntry[]): CallRow | null {
  return entries.filter(isCall).reduce<CallRow | null>(foldRecord, null)
}
