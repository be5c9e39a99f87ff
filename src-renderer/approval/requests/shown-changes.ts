import type { ApprovalView } from '../../../shared/approval.ts'

/** What is different in a request that changed while a person looked at it, in words; empty when nothing that they see is. */
export function shownChanges(before: ApprovalView, after: ApprovalView): string[] {
  const differs = (field: keyof ApprovalView) => JSON.stringify(before[field]) !== JSON.stringify(after[field])
  const changes: string[] = []
  if (differs('waiting')) changes.push(waitingWords(after.waiting))
  if (differs('why') || differs('rules')) changes.push('other rules ask for it')
  if (differs('constraints')) changes.push('other bounds hold')
  if (differs('risk')) changes.push(`its risk is now ${after.risk.score}`)
  if (differs('findings')) changes.push('other findings')
  if (differs('definition')) changes.push('its definition is another')
  if (differs('goes_to')) changes.push('its data goes elsewhere')
  const rest = ['client', 'server', 'tool', 'action', 'arguments', 'also_sent', 'resources', 'level'] as const
  if (rest.some(differs)) changes.push('what would run is not the same')
  return changes
}

/** How many callers wait, in words. */
export function waitingWords(waiting: number): string {
  if (waiting === 0) return 'the caller no longer waits'
  return waiting === 1 ? 'one call waits' : `${waiting} identical calls wait`
}
