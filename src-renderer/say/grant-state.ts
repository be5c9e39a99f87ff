import type { GrantView } from '../../shared/approval.ts'
import type { Tone } from '../ui/tone.tsx'

type State = GrantView['state']

/** How a grant stands: its hue, its word, and what that means. */
export const grantStates: Record<State, { tone: Tone; word: string; means: string }> = {
  active: { tone: 'allowed', word: 'Counts', means: 'calls that it covers run without asking again' },
  spent: { tone: 'resting', word: 'Used', means: 'all that it was for has run' },
  expired: { tone: 'resting', word: 'Ran out', means: 'its time is over' },
  revoked: { tone: 'denied', word: 'Revoked', means: 'somebody ended it' },
  definition_changed: { tone: 'changed', word: 'Tool changed', means: 'the tool is not what it was allowed for' },
  policy_changed: { tone: 'changed', word: 'Policy changed', means: 'policy asks for more now' },
  locked: { tone: 'resting', word: 'Session over', means: 'it was for one session' },
}
