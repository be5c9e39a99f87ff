import type { ObserveView } from '../../shared/observe.ts'

/** What observe mode is on for: `every call`, `calls to files`, `calls of Cursor`. */
export function observedCalls({ scope, title }: Pick<ObserveView, 'scope' | 'title'>): string {
  if (scope === 'all') return 'every call'
  return scope === 'server' ? `calls to ${title}` : `calls of ${title}`
}

/** How many decisions it changed, as the end of a sentence. */
export function relaxedWords({ relaxed }: Pick<ObserveView, 'relaxed'>): string {
  if (relaxed === 0) return 'no call needed it yet'
  return relaxed === 1 ? 'one call ran because of it' : `${relaxed} calls ran because of it`
}

/** Where on the approval page observe mode is turned on for something. */
export function observePlace(scope: ObserveView['scope'], name = ''): string {
  return scope === 'all' ? '/observe' : `/observe/${scope}/${name}`
}
