import type { PolicyViewProps } from '../page-props.ts'

/** Placeholder */
export function SuggestionsView(_: PolicyViewProps) {
  return null
}
