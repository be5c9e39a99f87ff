import type { StatusView } from '../../../shared/calls.ts'
import { places } from '../../places.ts'
import { asSentence } from '../../say/as-sentence.ts'
import { haltedCalls, stoppedByWords } from '../../say/halt.ts'
import { observedCalls, relaxedWords } from '../../say/observe.ts'
import { overriddenCalls } from '../../say/override.ts'
import type { Tone } from '../../ui/tone.tsx'
import type { ServerLine } from './server-line.ts'

/** Something that only a person can settle: what it is, why it matters, and where it is settled. */
export type Need = {
  tone: Tone
  title: string
  why: string
  /** In the app, at the approval page, or elsewhere by the person. */
  action: { words: string; to: string } | { words: string; approvals: string } | null
  /** One of the first steps, which say it themselves while some are left. */
  step?: true
}

type Check = (status: StatusView) => Need | null

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

const record: Check = ({ audit }) => {
  if (!audit.writable)
    return {
      tone: 'denied',
      title: 'The audit record cannot be written',
      why: 'No call is made until it can. Free disk space, or fix the permissions of the profile folder.',
      action: null,
    }
  if (!audit.gap) return null
  return {
    tone: 'denied',
    title: 'The audit record has a gap',
    why: 'Damage was found when Toolgate started. Verify the record to see where.',
    action: null,
  }
}

const unsent: Check = ({ audit: { streams } }) => {
  const [first, ...others] = streams.filter(({ problem }) => problem?.urgent)
  if (!first?.problem) return null
  const { text, hint } = first.problem
  return {
    tone: 'asked',
    title: `Records do not reach ${[first, ...others].map(({ name }) => name).join(', ')}`,
    why: `None is lost. ${asSentence(text)} ${asSentence(hint)}`,
    action: null,
  }
}

const stopped: Check = ({ stopped, halts }) => {
  const action = { words: 'Resume', approvals: '/resume' }
  if (stopped) return { tone: 'denied', title: 'Toolgate is stopped', why: 'Every call is refused.', action }
  if (halts.length === 0) return null
  const why = halts.map(({ reason, ...halt }) => `Stopped ${stoppedByWords(halt)}${reason && `: “${reason}”`}.`)
  return { tone: 'denied', title: `Stopped: ${halts.map(haltedCalls).join(', ')}`, why: why.join(' '), action }
}

const incidents: Check = (status) =>
  status.incidents === 0
    ? null
    : {
        tone: 'asked',
        title: `${plural(status.incidents, 'incident is', 'incidents are')} open`,
        why: 'Look into what happened, and close it with a conclusion.',
        action: { words: 'Look', to: places.incidents },
      }

const policy: Check = ({ policy: { snapshot, problems } }) => {
  if (snapshot === null)
    return {
      tone: 'denied',
      title: 'No policy is in force',
      why: 'Nothing is allowed until there is a rule file without mistakes.',
      action: { words: 'See policies', to: places.policies },
    }
  if (problems === 0) return null
  return {
    tone: 'asked',
    title: `${plural(problems, 'mistake', 'mistakes')} in the rule files`,
    why: 'The last good policy stays in force.',
    action: { words: 'See policies', to: places.policies },
  }
}

const looser: Check = (status) =>
  status.policy.waiting
    ? {
        tone: 'asked',
        title: 'A looser policy waits for you',
        why: 'A rule file changed so that more would be allowed. It takes effect once you confirm it.',
        action: { words: 'Compare', approvals: '/policy' },
      }
    : null

const held: Check = ({ approvals }) =>
  approvals > 0
    ? {
        tone: 'asked',
        title: `${plural(approvals, 'call waits', 'calls wait')} for your answer`,
        why: 'Unanswered calls are denied when their time is up.',
        action: { words: 'Answer', approvals: '/' },
      }
    : null

const prompts: Check = ({ prompts: { how, problem } }) =>
  problem === null
    ? null
    : {
        tone: how.length > 0 ? 'asked' : 'denied',
        title: how.length > 0 ? 'Prompts appear without a notification' : 'Nothing shows you calls that need you',
        why: how.length > 0 ? `Prompts appear in ${how.join(', ')}. ${problem}` : `Such calls are refused. ${problem}`,
        action: null,
      }

const pin: Check = ({ presence_enrolled, presence_lost }) => {
  if (presence_lost)
    return {
      tone: 'denied',
      title: 'The file of your PIN is gone',
      why: 'Nobody can approve anything. Restore it from a backup; if this was not you, look into the record.',
      action: null,
    }
  if (presence_enrolled) return null
  return {
    tone: 'asked',
    title: 'Choose a PIN',
    why: 'With it you approve servers and calls, and no AI client or tool can do so in your place.',
    action: { words: 'Choose', approvals: '/' },
    step: true,
  }
}

const reviews: Check = ({ reviews: { due, soon } }) => {
  if (due > 0)
    return {
      tone: 'asked',
      title: `The review of ${plural(due, 'tool', 'tools')} is due`,
      why: 'Their approval is over, so they are held until you have reviewed their server again.',
      action: { words: 'See servers', to: places.servers },
    }
  if (soon === 0) return null
  return {
    tone: 'asked',
    title: `The approval of ${plural(soon, 'tool', 'tools')} ends within two weeks`,
    why: 'After that they are held until you have reviewed their server again.',
    action: { words: 'See servers', to: places.servers },
  }
}

const http: Check = ({ http_problem }) =>
  http_problem === null
    ? null
    : { tone: 'asked', title: 'Clients cannot connect over HTTP', why: http_problem, action: null }

function running({ name, runs }: ServerLine): Need | null {
  const action = { words: 'See why', to: places.server(name) }
  if (runs === 'crashing') {
    return { tone: 'denied', title: `${name} keeps ending`, why: 'Its calls are refused until it is mended.', action }
  }
  if (runs !== 'unreachable') return null
  return { tone: 'asked', title: `${name} could not be reached`, why: 'The next call tries again.', action }
}

function server({ name, state, changed = [], held_tools = [] }: ServerLine): Need | null {
  const action = { words: 'Review', approvals: `/servers/${name}` }
  if (state === 'registered')
    return {
      tone: 'held',
      title: `${name} is not reviewed`,
      why: 'Its tools cannot be called yet.',
      action,
      step: true,
    }
  if (changed.includes('launch'))
    return { tone: 'changed', title: `${name} changed`, why: 'What it would run is not what you approved.', action }
  if (held_tools.length > 0) return heldTools(name, held_tools.length)
  if (changed.includes('instructions'))
    return {
      tone: 'changed',
      title: `${name} changed`,
      why: 'It tells models something else, which is withheld.',
      action,
    }
  return state === 'changed' ? { tone: 'changed', title: `${name} changed`, why: 'Review it again.', action } : null
}

/** So long before its end the next step is worth a word. */
const soonMs = 2 * 86_400_000

const observing: Check = (status) => {
  const [first, ...others] = status.observing
  if (!first) return null
  const relaxed = status.observing.reduce((sum, view) => sum + view.relaxed, 0)
  const ends = Math.min(...status.observing.map(({ expires_at }) => Date.parse(expires_at)))
  if (ends - Date.now() < soonMs) {
    return {
      tone: 'asked',
      title: 'Observe mode ends soon',
      why: `Then your rules decide; ${relaxedWords({ relaxed })}. Toolgate proposes rules from what ran.`,
      action: { words: 'See the rules', to: places.suggestions },
    }
  }
  return {
    tone: 'asked',
    title: `Observe mode is on for ${[first, ...others].map(observedCalls).join(', ')}`,
    why: `What policy would have stopped runs and is recorded; ${relaxedWords({ relaxed })}.`,
    action: { words: 'See it', approvals: '/observe' },
  }
}

/** Rules are worth proposing until somebody has changed the policy since, or watches again. */
const observed: Check = ({ observing, observe_ended, policy: { since } }) =>
  observing.length > 0 || observe_ended === null || (since !== null && since > observe_ended)
    ? null
    : {
        tone: 'asked',
        title: 'Observe mode is over',
        why: 'From what ran Toolgate proposes rules that allow as little as was needed.',
        action: { words: 'See the rules', to: places.suggestions },
      }

const overriding: Check = ({ overrides }) =>
  overrides.length === 0
    ? null
    : {
        tone: 'denied',
        title: `An override is on for ${overriddenCalls(overrides)}`,
        why: 'What policy would ask about or deny for want of a rule runs. It ends by itself within the hour.',
        action: { words: 'See it', approvals: '/override' },
      }

const settings: Check = ({ settings_problem }) =>
  settings_problem === null
    ? null
    : {
        tone: 'asked',
        title: 'The settings cannot be used',
        why: `Those before stay. ${settings_problem}`,
        action: null,
      }

const checks: readonly Check[] = [
  record,
  unsent,
  stopped,
  incidents,
  pin,
  held,
  prompts,
  looser,
  policy,
  overriding,
  observing,
  observed,
  settings,
  reviews,
  http,
]

function heldTools(name: string, count: number): Need {
  return {
    tone: 'changed',
    title: `${plural(count, 'tool', 'tools')} of ${name} changed`,
    why: 'Held until you have seen the difference and reviewed the server again.',
    action: { words: 'See what changed', to: places.server(name) },
  }
}

/** Everything that needs the person, worst first. */
export function needs(status: StatusView, servers: readonly ServerLine[]): Need[] {
  const found = [...checks.map((check) => check(status)), ...servers.map(running), ...servers.map(server)]
  const open = found.filter((need) => need !== null)
  return [...open.filter(({ tone }) => tone === 'denied'), ...open.filter(({ tone }) => tone !== 'denied')]
}
