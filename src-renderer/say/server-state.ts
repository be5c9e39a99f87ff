import type { Tone } from '../ui/tone.tsx'

/** A server's state in a word and a hue, and what it means for its calls. */
export function serverState(state: string): { tone: Tone; word: string; means: string } {
  if (state === 'approved') return { tone: 'allowed', word: 'Approved', means: 'its reviewed tools can be called' }
  if (state === 'changed')
    return {
      tone: 'changed',
      word: 'Changed',
      means: 'what it would run differs from what was approved, so it is refused',
    }
  return { tone: 'held', word: 'Not reviewed', means: 'nobody has reviewed it, so it is refused' }
}
