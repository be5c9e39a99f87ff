import type { StoredEntry } from '../../../shared/audit.ts'
import type { Topic } from '../../../shared/calls.ts'
import type { Changes } from '../control/changes.ts'

/** Which topic an event of the record is news of, by the beginning of its name; all others are news of the status alone. */
const topicOf: readonly [beginning: string, topic: Topic][] = [
  ['server.', 'servers'],
  ['tool.', 'servers'],
  ['client.', 'clients'],
  ['policy.', 'policy'],
  ['approval.', 'approvals'],
  ['grant.', 'approvals'],
  ['presence.', 'presence'],
]

/** Tells what records that were just committed are news of: whatever changes the gateway is recorded, so nothing is missed. */
export function noteAppended(entries: readonly StoredEntry[], changes: Changes): void {
  for (const entry of entries) {
    if (entry.kind === 'call') {
      changes.call(entry.call_id)
      continue
    }
    changes.topic('status')
    const topic = topicOf.find(([beginning]) => entry.event.startsWith(beginning))?.[1]
    if (topic) changes.topic(topic)
  }
}

/** Events about single messages and about people at their doors: whatever else happens may change what clients see. */
const ofMessages = /^(message|request|result|session|approval|presence)\./

/** Whether records that were just committed may change what a client sees of its servers: policy, reviews, the stop switch. */
export function mayChangeViews(entries: readonly StoredEntry[]): boolean {
  return entries.some((entry) => entry.kind === 'event' && !ofMessages.test(entry.event))
}
