import type { Tone } from '../../ui/tone.tsx'

const effects: Record<string, { tone: Tone; word: string }> = {
  ALLOW: { tone: 'allowed', word: 'Allow' },
  ALLOW_WITH_CONSTRAINTS: { tone: 'constrained', word: 'Constrain' },
  REQUIRE_APPROVAL: { tone: 'asked', word: 'Ask' },
  DENY: { tone: 'denied', word: 'Deny' },
}

/** What a rule does, in a hue and a word; what is unknown counts as the strictest. */
export function effectOf(effect: string): { tone: Tone; word: string } {
  return effects[effect] ?? { tone: 'denied', word: effect }
}
