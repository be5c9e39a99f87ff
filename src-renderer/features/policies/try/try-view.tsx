import type { PolicyViewProps } from '../page-props.ts'

/** Placeholder */
export function TryView(_: PolicyViewProps) {
  return null
}
