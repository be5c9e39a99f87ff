import type { RunState } from '../../shared/server-run.ts'
import type { Tone } from '../ui/tone.tsx'

/** How a server does right now, in a word and a hue, and what that means for its calls. */
export const runStates: Record<RunState, { tone: Tone; word: string; means: string }> = {
  running: { tone: 'allowed', word: 'Running', means: 'clients use it right now' },
  idle: { tone: 'resting', word: 'Idle', means: 'nobody uses it; the next request starts it' },
  crashing: { tone: 'denied', word: 'Keeps ending', means: 'it ended again and again, so its calls are refused' },
  unreachable: {
    tone: 'asked',
    word: 'Unreachable',
    means: 'it could not be reached the last time; the next request tries again',
  },
}
