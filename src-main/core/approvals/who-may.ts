import { isAuditor } from '../../../shared/auditor.ts'
import { CallError } from '../../../shared/call-errors.ts'
import { ownerId, type Person } from '../people/people.ts'
import { type ApprovalLevels, type ApprovalNeeds, whyUnanswerable } from '../policy/approval-needs.ts'
import { type Answerer, whyNotTheirs, whyTooFew } from '../policy/who-answers.ts'

/** Who gave an answer, by id, and who that is away they stood for. */
export type GivenBy = { person: string; stands_for: string | null }

/** The client that asks, as far as it says whose it is. */
export type Asking = { id: string; identity: 'verified' | 'claimed' }

type Deps = {
  people: {
    all: () => Person[]
    get: (id: string) => Person | null
    standsFor: (id: string) => Person[]
  }
  /** The policy in force; null: nobody may approve. */
  snapshot: () => { approvals: ApprovalLevels; roles: readonly string[] } | null
  /** Id of the person whose client this is; null where no entry is known. */
  ownerOf: (client: string) => string | null
}

export type WhoMay = ReturnType<typeof createWhoMay>

/**
 * Who may answer what under the policy in force, whom that asks anew each time: an answer that was given counts as long as it could
 * be given now. A delegate stands in the place of who is away, with the groups of that person alone, so that nobody's voice counts
 * twice and no absence makes more people than there are.
 */
export function createWhoMay({ people, snapshot, ownerOf }: Deps) {
  function asker({ id, identity }: Asking): string | null {
    return identity === 'verified' ? ownerOf(id) : null
  }

  function needsAt(level: number): ApprovalNeeds | null {
    return snapshot()?.approvals[level - 1] ?? null
  }

  function answerer({ id, groups, admin }: Person, of: string | null): Answerer {
    return { groups, asks: of === null ? null : of === id, auditor: isAuditor({ admin, groups }) }
  }

  /** Why this answer would be none now. */
  function whyNot(needs: ApprovalNeeds, client: Asking, { person, stands_for }: GivenBy): string | null {
    const of = asker(client)
    const who = people.get(person)
    if (!who) return 'who gave it is not here any more'
    if (stands_for === null) return whyNotTheirs(needs, answerer(who, of))
    const away = people.standsFor(person).find(({ id }) => id === stands_for)
    if (!away) return 'they do not answer for anybody who is away any more'
    // Also not what their own clients ask: to stand for another must not lead around that.
    return whyNotTheirs({ ...needs, groups: null }, answerer(who, of)) ?? whyNotTheirs(needs, answerer(away, of))
  }

  const voiceOf = ({ person, stands_for }: GivenBy) => stands_for ?? person

  /** Those of these answers that count now: each could be given, by a person and a voice of its own. */
  function counting<T extends GivenBy>(level: number, client: Asking, given: readonly T[]): T[] {
    const needs = needsAt(level)
    if (!needs) return []
    const counted: T[] = []
    for (const each of given) {
      const again = counted.some((one) => one.person === each.person || voiceOf(one) === voiceOf(each))
      if (!again && whyNot(needs, client, each) === null) counted.push(each)
    }
    return counted
  }

  return {
    needsAt,
    counting,

    /** Whose client asks; the owner of this machine where nobody knows. */
    personAt(client: Asking): Person {
      const person = people.get(asker(client) ?? ownerId) ?? people.get(ownerId)
      if (!person) throw new Error('this machine has no owner')
      return person
    },

    /** Whether these people together approve at `level` what this client asks. */
    enough(level: number, client: Asking, given: readonly GivenBy[]): boolean {
      const needs = needsAt(level)
      return needs !== null && counting(level, client, given).length >= needs.answers
    },

    /** Why nobody here can approve at `level` what this client asks, or null when somebody can. */
    whyNobody(level: number, client: Asking): string | null {
      const current = snapshot()
      if (!current) return 'no policy is in force'
      const all = people.all()
      if (all.length === 1) return whyUnanswerable(current, level)
      const needs = needsAt(level)
      if (!needs) return `there is no level ${level}`
      const of = asker(client)
      return whyTooFew(
        needs,
        level,
        all.map((person) => answerer(person, of)),
      )
    },

    /**
     * How this person would answer beside those who did: as themselves where they may, else for one who is away. Throws `CallError`
     * APPROVAL_NOT_YOURS.
     */
    place(level: number, client: Asking, person: string, given: readonly GivenBy[]): GivenBy {
      const nobody = this.whyNobody(level, client)
      if (nobody !== null) throw new CallError('APPROVAL_NOT_YOURS', nobody)
      const needs = needsAt(level)
      if (!needs) throw new CallError('APPROVAL_NOT_YOURS', `there is no level ${level}`)
      const before = counting(level, client, given)
      if (before.some((one) => one.person === person)) {
        throw new CallError('APPROVAL_NOT_YOURS', 'you answered already, and it waits for somebody else')
      }
      const ways = [null, ...people.standsFor(person).map(({ id }) => id)].map((stands_for) => ({ person, stands_for }))
      const spoken = (way: GivenBy) => before.some((one) => voiceOf(one) === voiceOf(way))
      const way = ways.find((each) => !spoken(each) && whyNot(needs, client, each) === null)
      if (way) return way
      const own = ways[0] ?? { person, stands_for: null }
      const why = spoken(own) ? 'somebody answered in your place already' : whyNot(needs, client, own)
      throw new CallError('APPROVAL_NOT_YOURS', why ?? 'it waits for somebody else')
    },
  }
}
