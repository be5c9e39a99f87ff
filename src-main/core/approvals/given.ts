import { hash } from 'node:crypto'
import type { NeededPeople } from '../../../shared/people.ts'
import { canonicalJson } from '../audit/canonical.ts'
import type { Person } from '../people/people.ts'
import type { Request } from './request.ts'
import type { GivenBy, WhoMay } from './who-may.ts'

/** A yes that a request already has, and to what exactly it was given. `waiting`: how many calls waited for it then. */
export type Given = GivenBy & { at: string; asked: string; waiting: number }

/** The usual: one answer of whoever is here. */
const isUsual = ({ groups, answers, own }: { groups: readonly string[] | null; answers: number; own: boolean }) =>
  groups === null && answers === 1 && own

/** What a yes is given to, in one hash: all that is shown but the answers and the number of calls that wait. */
export function askedHash({ view }: Pick<Request, 'view'>): string {
  const { state: _state, created_at: _created, expires_at: _expires, ...asked } = view
  return hash('sha256', canonicalJson(asked))
}

/**
 * The answers of a request that count now: given to what it still asks, by people who may still give them. More calls than waited
 * then are more than was answered, but for the one run that a late yes is worth.
 */
export function stillGiven({ view, given, waiters }: Request, whoMay: WhoMay): Given[] {
  if (given.length === 0) return []
  const asked = askedHash({ view })
  const same = given.filter((each) => each.asked === asked && waiters.size <= Math.max(1, each.waiting))
  return whoMay.counting(view.level, view.client, same)
}

/** What a person is told of who must answer a request, and who did; undefined where anybody's one answer is enough. */
export function neededPeople(
  request: Request,
  whoMay: WhoMay,
  nameOf: (id: string) => Pick<Person, 'name'> | null,
): NeededPeople | undefined {
  const needs = whoMay.needsAt(request.view.level)
  if (!needs || isUsual(needs)) return undefined
  const name = (id: string) => nameOf(id)?.name ?? id
  const given = stillGiven(request, whoMay).map(({ person, stands_for, at }) => {
    return { by: name(person), stands_for: stands_for === null ? null : name(stands_for), at }
  })
  const { groups, answers: needed, own } = needs
  return { needed, groups: groups && [...groups], own, given }
}
