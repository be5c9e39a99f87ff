import type { PolicyReplay } from '../../../../shared/policy-tools.ts'
import { ReplayBar } from '../replay/replay-bar.tsx'
import { replayParts } from '../replay/replay-parts.ts'

/** What a policy would have done, in one bar and one sentence. */
export function ReplayLine({ replay }: { replay: PolicyReplay }) {
  const seen = replay.calls + replay.cannot.calls
  if (seen === 0) return <p className="text-muted">No call is on record yet.</p>
  const changed = replayParts(replay).filter(({ id, count }) => id !== 'same' && count > 0)
  return (
    <div className="flex flex-col gap-1.5">
      <ReplayBar replay={replay} />
      <p>
        {changed.length === 0
          ? `All ${seen.toLocaleString('en')} would be decided as they were.`
          : `Of ${seen.toLocaleString('en')}: ${changed.map(({ count, words }) => `${count.toLocaleString('en')} ${words}`).join(', ')}, compared with what was decided then.`}
      </p>
    </div>
  )
}
