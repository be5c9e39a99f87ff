import type { PolicyReplay } from '../../../../shared/policy-tools.ts'
import type { Tone } from '../../../ui/tone.tsx'

/** One way in which calls would have ended under another policy, and how many did. */
export type ReplayPart = {
  id: 'denied' | 'asked' | 'allowed' | 'bounded' | 'cannot' | 'same'
  tone: Tone
  words: string
  count: number
}

/** What a replay found, what changes first. */
export function replayParts({ denied, asked, allowed, bounded, cannot, same }: PolicyReplay): ReplayPart[] {
  return [
    { id: 'denied', tone: 'denied', words: 'now denied', count: denied },
    { id: 'asked', tone: 'asked', words: 'now asked', count: asked },
    { id: 'allowed', tone: 'allowed', words: 'now allowed', count: allowed },
    { id: 'bounded', tone: 'constrained', words: 'at another level or under other bounds', count: bounded },
    { id: 'cannot', tone: 'quarantined', words: 'cannot be replayed', count: cannot.calls },
    { id: 'same', tone: 'resting', words: 'as before', count: same },
  ]
}
