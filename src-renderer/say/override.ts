import type { OverrideView } from '../../shared/override.ts'
import { haltedCalls } from './halt.ts'

/** How many calls ran because of an override, inside a sentence. */
export function overriddenWords({ calls }: Pick<OverrideView, 'calls'>): string {
  if (calls === 0) return 'no call ran because of it yet'
  return calls === 1 ? 'one call ran because of it' : `${calls.toLocaleString('en')} calls ran because of it`
}

/** For what overrides are on, inside a sentence. */
export function overriddenCalls(overrides: readonly OverrideView[]): string {
  return overrides.map(haltedCalls).join(', ')
}
