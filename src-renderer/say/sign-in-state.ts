import type { SignInView } from '../../shared/sign-in.ts'
import type { Tone } from '../ui/tone.tsx'

/** How a server stands with its sign-in, in a word and a hue, and what that means for its calls. */
export function signInState(view: SignInView): { tone: Tone; word: string; means: string } {
  if (view.state === 'waiting') return { tone: 'asked', word: 'Waiting', means: 'a sign-in waits for you in a browser' }
  if (view.state === 'signed_out') {
    return view.wanted
      ? { tone: 'held', word: 'Wants a sign-in', means: 'it refuses what is asked of it until you sign in' }
      : { tone: 'resting', word: 'Signed out', means: 'it is asked without a sign-in; many servers need none' }
  }
  return view.wanted
    ? { tone: 'held', word: 'Wants more', means: 'it refused something that this sign-in does not allow' }
    : { tone: 'allowed', word: 'Signed in', means: 'its requests carry the tokens of this sign-in, which only it gets' }
}
