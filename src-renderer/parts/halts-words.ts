import type { HaltView } from '../../shared/stop.ts'
import { haltedCalls } from '../say/halt.ts'

/** What the banner says while anything is stopped: in bold, and after it. */
export function haltsWords(halts: readonly HaltView[]): { words: string; rest: string } {
  if (halts.some(({ scope }) => scope === 'all')) {
    return { words: 'Toolgate is stopped.', rest: 'Every call is refused until a person resumes at the approval page.' }
  }
  const [first, ...others] = halts.map(haltedCalls)
  const last = others.pop()
  const listed = [first, ...others].join(', ')
  const what = last === undefined ? (first ?? '') : `${listed} and ${last}`
  return {
    words: `${what.charAt(0).toUpperCase()}${what.slice(1)} are stopped.`,
    rest: 'They are refused until a person resumes them at the approval page.',
  }
}
