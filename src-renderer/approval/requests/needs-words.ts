import type { ApprovalNeeds } from '../../../shared/approval.ts'

/** Who has to say yes, as a sentence; null when whoever may answer at the level can do it alone. */
export function needsWords({ answers, groups, own }: ApprovalNeeds): string | null {
  if (answers === 1 && groups.length === 0 && own) return null
  const who = answers === 1 ? 'somebody' : `${answers} people`
  const of = groups.length === 0 ? '' : ` of ${orList(groups)}`
  const other = own ? '' : ', and not the person whose client asks'
  return `Needs a yes of ${who}${of}${other}.`
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
