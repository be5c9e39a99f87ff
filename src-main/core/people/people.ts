import { isAuditor } from '../../../shared/auditor.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { PersonView, WhoView } from '../../../shared/people.ts'
import { printable } from '../../../shared/printable.ts'
import { newId } from '../ids.ts'
import type { Clock } from '../ports.ts'
import type { PeopleTable, PersonRow } from '../store/people-table.ts'

/** Id of the user whom this gateway runs as; they were there before anybody else. */
export const ownerId = 'owner'

const mostAwayMs = 31 * 86_400_000
const mostPeople = 50

/** Somebody who may answer. `groups`: of the owner those of policy are among them. */
export type Person = { id: string; name: string; groups: readonly string[]; admin: boolean }

/** Somebody as a door knows them. */
export function whoOf({ id, name, groups, admin }: Person): WhoView {
  return { id, name, admin, auditor: isAuditor({ admin, groups }) }
}

type Deps = {
  table: PeopleTable
  clock: Clock
  /** Name of the user whom this gateway runs as. */
  user: string
  /** Groups that policy gives this user. */
  roles: () => readonly string[]
  /** Writes an audit event; when it throws, nothing is changed. */
  record: (event: string, detail: Record<string, unknown>) => void
  /** Hears after every change. */
  onChange: () => void
}

export type People = ReturnType<typeof createPeople>

/**
 * The people of this machine: who they are, in which groups, and who answers for whom while they are away. Every change is recorded
 * before it counts, and `by` names who made it.
 */
export function createPeople({ table, clock, user, roles, record, onChange }: Deps) {
  if (!table.all().some(({ id }) => id === ownerId)) table.put(newRow(ownerId, user, [], true))
  const nameOf = ({ id, name }: PersonRow) => (id === ownerId ? user : name)
  const rows = () => table.all().filter(({ removed }) => removed === 0)
  const find = (id: string) => rows().find((row) => row.id === id) ?? null

  function personOf(row: PersonRow): Person {
    const own = ownGroups(row)
    const groups = row.id === ownerId ? [...new Set([...own, ...roles()])] : own
    return { id: row.id, name: nameOf(row), groups, admin: row.admin === 1 }
  }

  /** A clock that was put back to before somebody went does not lengthen their absence. */
  function awayNow({ away_since, away_until }: PersonRow): boolean {
    return away_since !== null && away_until !== null && clock.now() >= away_since && clock.now() < away_until
  }

  function viewOf(row: PersonRow): PersonView {
    const delegate = row.delegate === null ? null : find(row.delegate)
    const { groups, ...person } = personOf(row)
    return {
      ...{ ...person, groups: [...groups], own_groups: ownGroups(row), owner: row.id === ownerId },
      away: awayNow(row)
        ? {
            until: new Date(row.away_until ?? 0).toISOString(),
            delegate: delegate && { id: delegate.id, name: nameOf(delegate) },
          }
        : null,
    }
  }

  function need(id: string): PersonRow {
    const row = find(id)
    if (!row)
      throw new CallError(
        'NOT_FOUND',
        `nobody here has the id \`${printable(id).slice(0, 80)}\``,
        'see `toolgate people list`',
      )
    return row
  }

  function put(row: PersonRow): PersonView {
    table.put(row)
    onChange()
    return viewOf(row)
  }

  function mustLeaveAnAdmin(id: string): void {
    if (!rows().some((row) => row.id !== id && row.admin === 1)) throw new CallError('LAST_ADMIN')
  }

  /** Names are never given twice, not even after a person was removed: the record names people by them. */
  function refuseName(name: string): void {
    if (printable(name) !== name) throw new CallError('BAD_INPUT', 'the name holds characters that cannot be seen')
    if (table.all().some((row) => sameName(nameOf(row), name) || sameName(row.name, name))) {
      throw new CallError('BAD_INPUT', 'somebody has or had this name', 'choose another name')
    }
    if (rows().length >= mostPeople) throw new CallError('BAD_INPUT', `at most ${mostPeople} people`)
  }

  return {
    get(id: string): Person | null {
      const row = find(id)
      return row && personOf(row)
    },
    all: (): Person[] => rows().map(personOf),
    several: () => rows().length > 1,
    list: (): PersonView[] => rows().map(viewOf),

    /** The person with this id or this name. Throws NOT_FOUND. */
    named(named: string): Person {
      const row = find(named) ?? rows().find((each) => sameName(nameOf(each), named))
      if (!row)
        throw new CallError(
          'NOT_FOUND',
          `nobody here is called \`${printable(named).slice(0, 80)}\``,
          'see `toolgate people list`',
        )
      return personOf(row)
    },

    /** Those who are away and whom this person answers for. */
    standsFor(id: string): Person[] {
      return rows()
        .filter((row) => row.id !== id && row.delegate === id && awayNow(row))
        .map(personOf)
    },

    /** Adds somebody once `enroll` has kept their PIN under the id that it is given; what it throws leaves nothing behind. */
    async add(
      { name, groups, admin }: { name: string; groups: readonly string[]; admin: boolean },
      by: string,
      enroll: (id: string, recorded: () => void) => Promise<void>,
    ): Promise<PersonView> {
      refuseName(name)
      const id = newId('person', clock.now())
      await enroll(id, () => {
        // Somebody else may have been added while the PIN was hashed.
        refuseName(name)
        record('person.added', { person: id, name, groups, admin, by })
      })
      return put(newRow(id, name, groups, admin))
    },

    change({ id, groups, admin }: { id: string; groups: readonly string[]; admin: boolean }, by: string): PersonView {
      const row = need(id)
      if (!admin) mustLeaveAnAdmin(id)
      record('person.changed', { person: id, name: nameOf(row), groups, admin, by })
      return put({ ...row, groups: JSON.stringify(groups), admin: admin ? 1 : 0 })
    },

    /** Removes somebody for good; the owner and the last admin stay. */
    remove(id: string, by: string): void {
      const row = need(id)
      mustLeaveAnAdmin(id)
      if (id === ownerId) throw new CallError('BAD_INPUT', 'the user of this machine cannot be removed')
      record('person.removed', { person: id, name: nameOf(row), by })
      put({ ...row, removed: 1, delegate: null })
    },

    /** Whoever is `id` is away; their delegate stands for them until then. */
    leave(id: string, until: number, delegate: string | null): PersonView {
      const now = clock.now()
      const row = need(id)
      if (until <= now || until > now + mostAwayMs) throw new CallError('BAD_INPUT', 'away for up to 31 days')
      if (delegate === id) throw new CallError('BAD_INPUT', 'nobody answers for themselves')
      if (delegate !== null) need(delegate)
      const detail = { person: id, name: nameOf(row), until: new Date(until).toISOString(), delegate }
      record('person.away', detail)
      return put({ ...row, away_since: now, away_until: until, delegate })
    },

    back(id: string): PersonView {
      const row = need(id)
      record('person.back', { person: id, name: nameOf(row) })
      return put({ ...row, away_since: null, away_until: null, delegate: null })
    },
  }
}

function ownGroups(row: PersonRow): string[] {
  return JSON.parse(row.groups) as string[]
}

function newRow(id: string, name: string, groups: readonly string[], admin: boolean): PersonRow {
  const away = { away_since: null, away_until: null, delegate: null }
  return { id, name, groups: JSON.stringify(groups), admin: admin ? 1 : 0, removed: 0, ...away }
}

function sameName(one: string, other: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase()
  return plain(one) === plain(other)
}
