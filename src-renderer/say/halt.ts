import { printable } from '../../shared/printable.ts'
import type { HaltTarget, HaltView } from '../../shared/stop.ts'

/** What is stopped, inside a sentence. */
export function haltedCalls({ scope, title }: Pick<HaltView, 'scope' | 'title'>): string {
  if (scope === 'all') return 'every call'
  return scope === 'server' ? `calls to ${printable(title)}` : `calls of ${printable(title)}`
}

/** The same at the beginning of a sentence. */
export function haltTitle(halt: Pick<HaltView, 'scope' | 'title'>): string {
  const words = halt.scope === 'all' ? 'everything' : haltedCalls(halt)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** What a halt is about, as calls name it. */
export function targetOf({ scope, name }: Pick<HaltView, 'scope' | 'name'>): HaltTarget {
  return scope === 'all' ? {} : { [scope]: name }
}

/** Who stopped it, inside a sentence. */
export function stoppedByWords({ by, tripped_by }: Pick<HaltView, 'by' | 'tripped_by'>): string {
  if (tripped_by !== null) return `by the gate “${tripped_by}”`
  return by === '' ? 'before it was kept by whom' : `by ${by}`
}
