import type { ApprovalsPart } from './approvals-part.ts'
import type { Comparison } from './compare.ts'

/**
 * What an approval at one level takes: of how many people, in one of which role groups (null when it does not matter), and whether
 * the person whose client asks may be one of them. `inClient`: their client may ask them itself.
 */
export type ApprovalNeeds = { groups: readonly string[] | null; answers: number; own: boolean; inClient: boolean }

/** What each level takes, 1 to 5 in order. */
export type ApprovalLevels = readonly ApprovalNeeds[]

const levels = [1, 2, 3, 4, 5]

/** Whoever sits here, by one answer, also to what their own clients ask. */
const usual: ApprovalNeeds = { groups: null, answers: 1, own: true, inClient: false }

/**
 * What each level takes under a set of policy files, whatever their order: the most answers, the groups that all statements
 * share, and nobody's own requests where one says so. Thus a local file only tightens what the organisation's says. In a client is answered
 * only where a file says so and none forbids it, and where there are files of the organisation one of those must say it.
 */
export function combineApprovals(files: readonly SaidBy[]): ApprovalLevels {
  const org = files.some(({ origin }) => origin === 'org')
  const at = (level: number) =>
    files.flatMap(({ origin, approvals }) =>
      (approvals ?? [])
        .filter((each) => each.level === level)
        .map((each) => ({ ...each, counts: origin === 'org' || !org })),
    )
  return levels.map((level) => {
    const said = at(level)
    const needs = said.reduce(tighten, usual)
    const allowed = said.some(({ in_client, counts }) => in_client === true && counts)
    // A client's word is no voice beside others, nor that of somebody who may not answer what their own clients ask.
    const alone = needs.answers === 1 && needs.own && said.every(({ in_client }) => in_client !== false)
    return { ...needs, inClient: allowed && alone }
  })
}

/** What a file says of approvals, and whose it is. */
type SaidBy = { origin: 'local' | 'org'; approvals: ApprovalsPart | undefined }

function tighten(needs: ApprovalNeeds, { groups, answers = 1, own = true }: ApprovalsPart[number]): ApprovalNeeds {
  const named = groups ? [...new Set(groups)].sort() : null
  const both = needs.groups && named ? named.filter((group) => needs.groups?.includes(group)) : (named ?? needs.groups)
  return { ...needs, groups: both, answers: Math.max(needs.answers, answers), own: needs.own && own }
}

/**
 * Why the one person of this machine cannot approve at `level`, or null when they can; `roles`: the groups that policy says they are
 * in. They are also the person whose clients ask.
 */
export function whyUnanswerable(
  { approvals, roles }: { approvals: ApprovalLevels; roles: readonly string[] },
  level: number,
): string | null {
  const needs = approvals[level - 1]
  if (!needs) return `there is no level ${level}`
  const lacks = [
    groupLack(needs, roles),
    needs.answers > 1 ? `it takes the answers of ${needs.answers} people, and one person answers here` : null,
    needs.own ? null : 'nobody may answer what their own clients ask, and all clients here are of the one person',
  ].filter((lack) => lack !== null)
  return lacks.length === 0 ? null : `nobody here can approve at level ${level}: ${lacks.join('; ')}`
}

function groupLack({ groups }: ApprovalNeeds, roles: readonly string[]): string | null {
  if (!groups || groups.some((group) => roles.includes(group))) return null
  if (groups.length === 0) return 'the policy files name no group in common'
  return `it takes somebody of ${groups.map((group) => `\`${group}\``).join(' or ')}, and this user has ${
    roles.length === 0 ? 'no role' : `the roles ${roles.map((role) => `\`${role}\``).join(', ')}`
  }`
}

/** Adds what changed in who may approve: one sentence for each level. */
export function compareApprovals(before: ApprovalLevels, after: ApprovalLevels, result: Comparison): void {
  for (const level of levels) {
    const [was, is] = [before[level - 1] ?? usual, after[level - 1] ?? usual]
    if (describeNeeds(was) === describeNeeds(is)) continue
    const sentence = `an approval at level ${level} takes ${describeNeeds(is)} where it took ${describeNeeds(was)}`
    result[isTighter(was, is) ? 'tightens' : 'loosens'].push(sentence)
  }
}

/** What the levels take under the policy in force, and under the one that would follow it. */
export type LevelChange = { before: ApprovalLevels; after: ApprovalLevels }

/**
 * In which way a call asks for less when it asks at level `to` where it asked at one from `from` to below that; null when in none. Each
 * level is stated by itself, so a higher one need not take as much.
 */
export function lessAtHigher({ before, after }: LevelChange, from: number, to: number): string | null {
  const is = after[to - 1] ?? usual
  for (const level of levels.slice(from - 1, to - 1)) {
    const was = before[level - 1] ?? usual
    if (!isTighter(was, is))
      return `level ${to} takes ${describeNeeds(is)}, and level ${level} took ${describeNeeds(was)}`
  }
  return null
}

function isTighter(before: ApprovalNeeds, after: ApprovalNeeds): boolean {
  const fewer = before.groups === null || (after.groups?.every((group) => before.groups?.includes(group)) ?? false)
  return fewer && after.answers >= before.answers && (before.own || !after.own) && (before.inClient || !after.inClient)
}

/** What a level takes, in words. */
function describeNeeds({ groups, answers, own, inClient }: ApprovalNeeds): string {
  const many = answers === 1 ? 'one answer' : `${answers} answers`
  const whose = groups === null ? '' : ` of ${groups.length === 0 ? 'nobody' : groups.join(' or ')}`
  return `${many}${whose}${own ? '' : ', none to one’s own request'}${inClient ? ', also in the client' : ''}`
}
