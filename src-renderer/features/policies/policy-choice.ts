import type { PolicyPast, PolicySource } from '../../../shared/policy-tools.ts'
import type { DraftFile } from '../../parts/policy-draft.ts'
import { draftSource } from '../../parts/policy-draft.ts'
import { exactTime } from '../../ui/relative-time.ts'

/** A policy that can be asked about, by the word that stands for it in an address. */
export type PolicyChoice = { id: string; words: string; source: PolicySource }

/** What can be asked: the policy in force, the draft while there is one, the folder, and what was in force before. */
export function policyChoices(drafts: readonly DraftFile[], history: readonly PolicyPast[]): PolicyChoice[] {
  const past = new Map(history.filter(({ in_force }) => !in_force).map((each) => [each.hash, each]))
  return [
    { id: 'in_force', words: 'The policy in force', source: 'in_force' },
    ...(drafts.length === 0 ? [] : [{ id: 'draft', words: 'Your draft', source: draftSource(drafts) }]),
    { id: 'folder', words: 'What lies in the folder', source: 'folder' },
    ...[...past.values()].map(({ hash, in_force_at }) => ({
      ...{ id: hash, source: { hash } },
      words: `${hash.slice(0, 7)}, in force from ${exactTime(Date.parse(in_force_at))}`,
    })),
  ]
}
