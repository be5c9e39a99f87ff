import { approvalState } from '../../shared/approval-state.ts'
import type { ServerView } from '../../shared/server.ts'
import type { Tone } from '../ui/tone.tsx'

type Standing = { state: string } & Partial<Pick<ServerView, 'changed' | 'held_tools' | 'approvals'>>

/** A server's state in a word and a hue, and what it means for its calls. */
export function serverState({ state, changed = [], held_tools = [], approvals = [] }: Standing): {
  tone: Tone
  word: string
  means: string
} {
  const due = approvals.filter((approval) => approvalState(approval, Date.now()) === 'review_due').length
  if (state === 'approved' && due > 0) {
    return { tone: 'changed', word: 'Review due', means: `the approval of ${due} of its tools is over: they are held` }
  }
  if (state === 'approved') return { tone: 'allowed', word: 'Approved', means: 'its reviewed tools can be called' }
  if (state === 'registered') {
    return { tone: 'held', word: 'Not reviewed', means: 'nobody has reviewed it, so it is refused' }
  }
  const held = held_tools.length
  if (changed.includes('launch')) {
    return { tone: 'changed', word: 'Changed', means: 'what it would run is not what was approved, so it is refused' }
  }
  if (held > 0) {
    const means = held === 1 ? 'a tool changed since the review' : 'tools changed since the review'
    return { tone: 'changed', word: `${held} held`, means: `${means}; the others can be called` }
  }
  if (changed.includes('instructions')) {
    return { tone: 'changed', word: 'Changed', means: 'its instructions for models changed, so they are withheld' }
  }
  return { tone: 'changed', word: 'Changed', means: 'it is no longer as it was approved' }
}
