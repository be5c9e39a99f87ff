import type { RecordCheck } from '../../../shared/activity.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { Activity } from '../activity/activity.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import type { Ports } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import { viewDefinitions } from '../registry/view.ts'
import type { RecordEvent } from './servers.ts'

type PageHandlers = Pick<
  CoreHandlers,
  | 'app.link'
  | 'approvals.open'
  | 'approvals.overview'
  | 'activity.calls'
  | 'activity.call'
  | 'audit.verify'
  | 'servers.definitions'
>

type Deps = {
  activity: Activity
  approvals: Approvals
  registry: Registry
  record: RecordEvent
} & Pick<Ports, 'pages' | 'verifyRecord' | 'log'>

/** What only pages ask: what happened, definitions and files as they are, and the way from one page to the other. */
export function pageHandlers(deps: Deps): PageHandlers {
  const { activity, approvals, pages, record } = deps
  let verifying: Promise<RecordCheck> | null = null

  /** One run serves all who ask meanwhile: each reads the whole record. */
  async function verify(): Promise<RecordCheck> {
    try {
      const report = await deps.verifyRecord()
      if (!report.ok) record('audit.broken', { first_bad: report.first_bad })
      return report
    } catch (error) {
      deps.log.error('the record could not be verified', { error: String(error) })
      throw new CallError('VERIFY_FAILED', error instanceof Error ? error.message : undefined)
    } finally {
      verifying = null
    }
  }

  return {
    'app.link': (_input, door) => {
      const url = pages.appLink()
      record('app.link_made', { door: door.name, pid: door.pid })
      return { url }
    },
    'approvals.open': ({ at }) => ({ url: pages.openApprovals(at) }),
    'approvals.overview': () => approvals.list().map(({ shown_hash, ...overview }) => overview),
    'activity.calls': (query) => activity.page(query),
    'activity.call': ({ call_id }) => activity.detail(call_id),
    'audit.verify': () => {
      verifying ??= verify()
      return verifying
    },
    'servers.definitions': ({ name }) => viewDefinitions(deps.registry.need(name)),
  }
}
