import type { OverrideView } from '../../shared/override.ts'
import { overriddenCalls } from '../say/override.ts'

/** What overrides that are on mean. */
export function OverrideSentence({ overrides }: { overrides: readonly OverrideView[] }) {
  return <>What policy would ask about or deny for want of a rule runs, for {overriddenCalls(overrides)}.</>
}
