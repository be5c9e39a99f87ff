import { useState } from 'react'
import type { ApprovalView, GrantChoice, GrantOffer } from '../../../shared/approval.ts'
import { useCall } from '../../use-call.ts'
import { type DurationChoice, durationChoices, lastDuration, rememberDuration } from './grant-durations.ts'
import { type Covered, useCoverage } from './use-coverage.ts'

/** As many as there are keys for them. */
const mostOffers = 5

/** What may be allowed beyond this call, and what of it is picked. */
export type Grant = {
  offers: readonly GrantOffer[]
  picked: GrantOffer | null
  durations: readonly DurationChoice[]
  duration: DurationChoice | null
  /** Picks the nth offer, counted from 0; null: none, the answer is for this call alone. */
  pick: (at: number | null) => void
  setDuration: (key: string) => void
  /** For how many more calls at most; null: as many as come. */
  calls: number | null
  setCalls: (calls: number | null) => void
  /** What an offer would have covered in the last week; null while that is not known. */
  coveredBy: (offer: string) => Covered | null
  /** What an answer carries. */
  choice: GrantChoice | null
}

/** The offers for a request. Nothing is picked until a person does; only the duration is proposed as it was last. */
export function useGrant({ id }: Pick<ApprovalView, 'id'>): Grant {
  const { value } = useCall('approvals.offers', { id }, ['approvals', 'policy'])
  const offers = (value ?? []).slice(0, mostOffers)
  const [offer, setOffer] = useState<string | null>(null)
  const [last, setLast] = useState(lastDuration)
  const [calls, setCalls] = useState<number | null>(null)
  const coveredBy = useCoverage({ id }, offers.length > 0)
  // An offer that is no longer made is no longer picked: it would be for something else than what was read.
  const picked = offers.find((it) => it.id === offer) ?? null
  const durations = picked ? durationChoices(picked) : []
  const duration = durations.find(({ key }) => key === last) ?? durations[0] ?? null
  return {
    ...{ offers, picked, durations, duration, coveredBy, calls, setCalls },
    pick: (at) => setOffer(at === null ? null : (offers[at]?.id ?? null)),
    setDuration(key) {
      setLast(key)
      rememberDuration(key)
    },
    choice: picked && duration ? { offer: picked.id, ...duration.choice, ...counted(duration, calls) } : null,
  }
}

function counted({ choice }: DurationChoice, calls: number | null): Pick<GrantChoice, 'calls'> {
  return calls === null || choice.duration === 'once' ? {} : { calls }
}
