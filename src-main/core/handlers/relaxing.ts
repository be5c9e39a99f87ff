import type { Observe } from '../observe/observe.ts'
import type { Overrides } from '../stop/overrides.ts'
import type { Db } from '../store/database.ts'
import type { FactsTable } from '../store/registry-tables.ts'
import { observingTable } from '../store/risk-tables.ts'
import { observeCalls } from './observe.ts'
import { openOverrides } from './override.ts'

type Deps = Parameters<typeof openOverrides>[0] & { db: Db; facts: FactsTable }

/** The two ways in which calls run for a while that policy would stop: observe mode and overrides. */
export function openRelaxing({ db, facts, incidents, ...deps }: Deps): {
  observe: Observe
  overrides: Overrides
  recheck: () => void
  close: () => void
} {
  const observe = observeCalls({ table: observingTable(db), facts, ...deps })
  const overrides = openOverrides({ ...deps, incidents })
  return {
    observe,
    overrides,
    /** What they were agreed to for may have changed. */
    recheck() {
      observe.recheck()
      overrides.recheck()
    },
    close() {
      overrides.close()
      observe.close()
    },
  }
}
