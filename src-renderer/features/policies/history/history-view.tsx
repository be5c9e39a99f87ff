import type { PolicyViewProps } from '../page-props.ts'

/** Placeholder */
export function HistoryView(_: PolicyViewProps) {
  return null
}
