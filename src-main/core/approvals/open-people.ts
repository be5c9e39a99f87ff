import { createPeople, ownerId } from '../people/people.ts'
import type { ApprovalLevels } from '../policy/approval-needs.ts'
import type { Clock, Secrets } from '../ports.ts'
import { personPins } from '../presence/person-pins.ts'
import type { Db } from '../store/database.ts'
import { peopleTable } from '../store/people-table.ts'
import type { ClientsTable, FactsTable } from '../store/registry-tables.ts'
import { createWhoMay } from './who-may.ts'

/** The people of a machine, their PINs, and who of them may answer what. */
export function openPeople(deps: {
  db: Db
  clock: Clock
  user: string
  secrets: Secrets
  clients: Pick<ClientsTable, 'get'>
  facts: FactsTable
  snapshot: () => { approvals: ApprovalLevels; roles: readonly string[] } | null
  record: (event: string, detail: Record<string, unknown>) => void
  onChange: () => void
}) {
  const { db, clock, user, secrets, clients, facts, snapshot, record, onChange } = deps
  const roles = () => snapshot()?.roles ?? []
  const people = createPeople({ table: peopleTable(db), clock, user, roles, record, onChange })
  const ownerOf = (client: string) => {
    const row = clients.get(client)
    return row && (row.person ?? ownerId)
  }
  const whoMay = createWhoMay({ people, snapshot, ownerOf })
  return { people, whoMay, pins: personPins(people, secrets, clock, enrolmentIn(facts)) }
}

/** Whether a PIN was ever chosen in this profile. */
function enrolmentIn(facts: FactsTable) {
  return {
    known: () => facts.get('presence_enrolled') !== null,
    remember: () => void facts.set('presence_enrolled', 'yes'),
  }
}
