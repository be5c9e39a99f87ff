import { createPeople, ownerId } from '../../../src-main/core/people/people.ts'
import type { ApprovalNeeds } from '../../../src-main/core/policy/approval-needs.ts'
import type { Clock } from '../../../src-main/core/ports.ts'
import type { Db } from '../../../src-main/core/store/database.ts'
import { peopleTable } from '../../../src-main/core/store/people-table.ts'

/** A yes as the person who gave it remembers it. */
export type Voice = { person: string; why: string; waiting: number }

/** Somebody of the model, kept apart from the product. */
type Somebody = { id: string; groups: readonly string[]; here: boolean; away: { until: number; for: string } | null }

/** People of the model beside those of the product, and whether their answers are enough, told in another way than the product does. */
export function modelPeople(db: Db, clock: Clock, roles: readonly string[]) {
  db.exec('DELETE FROM people')
  const table = peopleTable(db)
  const extra = { admin: 1, removed: 0, away_since: null, away_until: null, delegate: null }
  table.put({ id: 'ana', name: 'Ana', groups: '["security"]', ...extra })
  table.put({ id: 'bo', name: 'Bo', groups: '["security","ops"]', ...extra })
  table.put({ id: 'cy', name: 'Cy', groups: '[]', ...extra })
  const people = createPeople({ table, clock, user: 'me', roles: () => roles, record: () => {}, onChange: () => {} })
  const all: Somebody[] = [
    { id: ownerId, groups: roles, here: true, away: null },
    { id: 'ana', groups: ['security'], here: true, away: null },
    { id: 'bo', groups: ['security', 'ops'], here: true, away: null },
    { id: 'cy', groups: [], here: true, away: null },
  ]
  const of = (id: string) => all.find((one) => one.id === id)

  function able(needs: ApprovalNeeds, voice: string): boolean {
    const one = of(voice)
    if (!one?.here || (!needs.own && voice === ownerId)) return false
    return needs.groups === null || needs.groups.some((group) => one.groups.includes(group))
  }

  /** In whose place a person may speak: their own, and that of whoever is away and named them. */
  function voices(needs: ApprovalNeeds, person: string): string[] {
    const who = of(person)
    if (!who?.here || (!needs.own && person === ownerId)) return able(needs, person) ? [person] : []
    const others = all.filter(({ away }) => away?.for === person && clock.now() < away.until).map(({ id }) => id)
    return [person, ...others].filter((voice) => able(needs, voice))
  }

  /** The most of these people that can speak, each once and nobody in a place that is taken. */
  function most(needs: ApprovalNeeds, persons: readonly string[], taken: readonly string[] = []): number {
    const [first, ...rest] = persons
    if (first === undefined) return 0
    const without = most(needs, rest, taken)
    const free = voices(needs, first).filter((voice) => !taken.includes(voice))
    return Math.max(without, ...free.map((voice) => 1 + most(needs, rest, [...taken, voice])))
  }

  return {
    people,
    ids: () => all.map(({ id }) => id),
    remove(id: string): void {
      const one = of(id)
      if (!one?.here || id === ownerId) return
      people.remove(id, 'me')
      one.here = false
      one.away = null
      for (const other of all) if (other.away?.for === id) other.away = null
    },
    leave(id: string, delegate: string, ms: number): void {
      const one = of(id)
      if (!one?.here || !of(delegate)?.here || id === delegate) return
      people.leave(id, clock.now() + ms, delegate)
      one.away = { until: clock.now() + ms, for: delegate }
    },
    back(id: string): void {
      const one = of(id)
      if (!one?.here) return
      people.back(id)
      one.away = null
    },
    /** Why the people of these answers, the last of which ended the request, are too few for what it takes now; null when they are not. */
    whyTooFew(needs: ApprovalNeeds, given: readonly Voice[]): string | null {
      const last = given.at(-1)
      if (!last) return 'nobody answered'
      const same = given.filter(({ why, waiting }) => why === last.why && last.waiting <= Math.max(1, waiting))
      const persons = [...new Set(same.map(({ person }) => person))]
      const able = most(needs, persons)
      return able >= needs.answers ? null : `${able} of ${needs.answers} people answered: ${persons.join(', ')}`
    },
  }
}
