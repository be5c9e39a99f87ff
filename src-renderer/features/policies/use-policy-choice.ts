import { useLocation, useSearch } from 'wouter'
import { useDraft } from '../../parts/policy-draft.ts'
import { useCall } from '../../use-call.ts'
import { type PolicyChoice, policyChoices } from './policy-choice.ts'

/** Former policies that can be asked about. */
const mostPast = 100

/**
 * Which policy the address asks about, and the others that could be. A draft that is gone, or a policy that is not on record,
 * is the one in force. `wanted`: what an address means that names none; the draft, while there is one.
 */
export function usePolicyChoice(): {
  chosen: PolicyChoice
  choices: readonly PolicyChoice[]
  choose: (id: string) => void
} {
  const [location, go] = useLocation()
  const query = new URLSearchParams(useSearch())
  const drafts = useDraft()
  const { value: history = [] } = useCall('policy.history', { limit: mostPast }, ['policy'])
  const choices = policyChoices(drafts, history)
  const wanted = query.get('policy') ?? 'draft'
  const [inForce] = choices as [PolicyChoice]
  const chosen = choices.find(({ id }) => id === wanted) ?? inForce
  const choose = (id: string) => {
    query.set('policy', id)
    go(`${location}?${query}`, { replace: true })
  }
  return { chosen, choices, choose }
}
