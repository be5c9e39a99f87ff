import type { AuditLog } from '../audit/log.ts'
import type { LiveSettings } from '../settings.ts'
import { serversTable } from '../store/registry-tables.ts'
import { programOf } from '../upstream/server-environment.ts'
import type { LaunchValues } from '../vault/launch-values.ts'
import { createRegistry, type Registry } from './registry.ts'
import type { OnChange } from './standings.ts'
import { createToolUsage, type ToolUsage } from './tool-usage.ts'

/** What the registry of a gateway works with; `path`: PATH in which the programs of servers are found. */
export type RegistryOptions = {
  db: Parameters<typeof serversTable>[0]
  audit: Pick<AuditLog, 'tail'>
  onChange: OnChange
  values: LaunchValues
  now: () => number
  settings: Pick<LiveSettings, 'now'>
  path: string
}

/** The registry, and when its tools were last called. */
export function openRegistry({ db, audit, path, settings, ...rest }: RegistryOptions): {
  registry: Registry
  usage: ToolUsage
} {
  const registry = createRegistry({
    ...{ ...rest, table: serversTable(db) },
    programOf: (launch) => programOf(launch, path),
    lifetimeDays: () => settings.now().tool_review_days,
    autoApprove: () => settings.now().auto_approve === 'tier_1',
  })
  return { registry, usage: createToolUsage({ tail: audit.tail, now: rest.now }) }
}
