import type { PolicyViewProps } from '../page-props.ts'

/** Placeholder */
export function ReplayView(_: PolicyViewProps) {
  return null
}
