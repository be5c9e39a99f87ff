import type { ConfigEntryView } from '../../shared/client-config.ts'
import type { Tone } from '../ui/tone.tsx'

type Guard = ConfigEntryView['guard']

/** How well a server of a client is guarded: its hue (none where there is nothing to judge), its word, and what that means. */
export const guards: Record<Guard, { tone: Tone | null; word: string; means: string }> = {
  verified: { tone: 'allowed', word: 'Verified', means: 'a call of this client to it was seen here' },
  configured: { tone: 'constrained', word: 'Configured', means: 'its file starts Toolgate; no call was seen yet' },
  bypassed: { tone: 'denied', word: 'Bypassed', means: 'it goes past Toolgate, or could' },
  left: { tone: null, word: 'Left alone', means: 'it cannot go through Toolgate' },
}
