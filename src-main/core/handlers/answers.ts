import type { openApprovals } from '../approvals/open-approvals.ts'
import type { AuditLog } from '../audit/log.ts'
import type { Changes } from '../control/changes.ts'
import type { Clock, Paths, Secrets } from '../ports.ts'
import type { LiveSettings } from '../settings.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { Db } from '../store/database.ts'
import { promptsTable } from '../store/prompts-table.ts'
import { fatigueHandlers } from './fatigue.ts'
import { approvalHandlers } from './people.ts'
import { peopleHandlers } from './people-here.ts'
import { proofHandlers } from './proofs.ts'
import type { RecordEvent } from './servers.ts'

/** All that people's doors may ask about calls that wait: the queue, grants, proofs, and how much they are asked. */
export function answerHandlers(
  deps: ReturnType<typeof openApprovals> & {
    db: Db
    audit: AuditLog
    snapshots: Snapshots
    clock: Clock
    user: string
    record: RecordEvent
    secrets: Secrets
    paths: Paths
    changes: Changes
    settings: Pick<LiveSettings, 'now'>
  },
) {
  const { db, audit, approvals, grants, askedBefore, proofs, contents, sparing, snapshots, clock, user, record } = deps
  const { whoMay, people, pins, secrets } = deps
  return {
    ...approvalHandlers({ approvals, grants, askedBefore, whoMay, people }),
    ...fatigueHandlers({
      ...{ table: promptsTable(db), settle: audit.settle, snapshots, ...sparing, clock, user, record },
      ...{ settings: deps.settings.now, settingsFile: deps.paths.settings, onQuiet: deps.changes.teller('status') },
    }),
    ...peopleHandlers({ people, pins, secrets, clock }),
    ...proofHandlers({ proofs, contents, audit, record }),
  }
}
