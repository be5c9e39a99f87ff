import type { AuditLog } from '../audit/log.ts'
import { type Contents, createContents } from '../content/contents.ts'
import type { Clock, Log, Secrets } from '../ports.ts'
import type { LiveSettings } from '../settings.ts'
import { contentsTable } from '../store/contents-table.ts'
import type { Db } from '../store/database.ts'
import { createProofs, type Proofs } from './proof.ts'

/** What answers prove, over the kept contents of a profile, which are destroyed when the settings say. */
export function openProofs(deps: {
  db: Db
  audit: AuditLog
  secrets: Secrets
  clock: Clock
  log: Log
  settings: LiveSettings
  record: (event: string, detail: Record<string, unknown>) => void
  /** What ends with the gateway. */
  cleanup: (() => unknown)[]
}): { proofs: Proofs; contents: Contents } {
  const { audit, secrets, clock, log, settings } = deps
  const table = contentsTable(deps.db)
  const contents = createContents({
    ...{ table, secrets, clock, log },
    days: () => settings.now().content_days,
    maxBytes: () => settings.limits.of('content_bytes'),
    onShred: (detail) => deps.record('content.shredded', detail),
  })
  deps.cleanup.push(contents.keepTidy())
  return { proofs: createProofs({ audit, contents, table, log }), contents }
}
