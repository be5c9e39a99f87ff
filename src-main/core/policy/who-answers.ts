import type { ApprovalNeeds } from './approval-needs.ts'

/** Somebody as far as a level of approval asks. `asks`: it is their own client; null: nobody knows whose client it is. `auditor`: they only look. */
export type Answerer = { groups: readonly string[]; asks: boolean | null; auditor: boolean }

/** Why this person's yes is none at a level that takes this, or null when it is one. */
export function whyNotTheirs(
  { groups: wanted, own }: ApprovalNeeds,
  { groups, asks, auditor }: Answerer,
): string | null {
  if (auditor) return 'an auditor answers nothing'
  if (wanted && !wanted.some((group) => groups.includes(group))) {
    if (wanted.length === 0) return 'the policy files name no group in common'
    return `it takes somebody of ${wanted.map((group) => `\`${group}\``).join(' or ')}`
  }
  if (own || asks === false) return null
  return asks
    ? 'nobody may answer what their own clients ask'
    : 'nobody may answer what their own clients ask, and whose this client is was not proved'
}

/** Why too few of these people can answer at `level`, or null when enough can. */
export function whyTooFew(needs: ApprovalNeeds, level: number, people: readonly Answerer[]): string | null {
  const whys = people.map((person) => whyNotTheirs(needs, person))
  const able = whys.filter((why) => why === null).length
  if (able >= needs.answers) return null
  const why = [...new Set(whys.filter((each) => each !== null))].join('; ')
  const begin = `nobody here can approve at level ${level}`
  if (able === 0) return `${begin}: ${why}`
  const who = needs.answers === 1 ? 'one person' : `${needs.answers} people`
  return `${begin}: it takes the answers of ${who}, and of the ${people.length} here ${able} may give one${why === '' ? '' : `; ${why}`}`
}
