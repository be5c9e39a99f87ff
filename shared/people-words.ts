import type { NeededPeople } from './people.ts'

/** Who must answer and who did, such as `1 of 2 answered (Ana), waits for somebody else of security`. */
export function peopleSentence({ needed, groups, own, given }: NeededPeople): string {
  const names = given.map(({ by, stands_for }) => (stands_for === null ? by : `${by} for ${stands_for}`))
  const of = groups ? ` of ${groups.join(' or ')}` : ''
  const others = own ? '' : ', other than whose client asks'
  const somebody = given.length > 0 ? 'somebody else' : 'somebody'
  if (needed === 1) return `waits for ${somebody}${of}${others}`
  const who = names.length > 0 ? ` (${names.join(', ')})` : ''
  return `${given.length} of ${needed} answered${who}, waits for ${somebody}${of}${others}`
}
