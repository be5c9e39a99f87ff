import { approvalState } from '../../../shared/approval-state.ts'
import type { AccessWord, ToolAccess } from '../../../shared/client-access.ts'
import type { Decision } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { reasons } from '../../../shared/errors.ts'
import { candidatesFor, decidePartly, onlyRules } from '../policy/decide-partly.ts'
import { canEverBeAllowed } from '../policy/ever-allowed.ts'
import type { Unknown } from '../policy/partial-envelope.ts'
import { decide, type Facts } from '../policy/precedence.ts'
import { mayRun, type PinnedTool, type Server } from '../registry/server-record.ts'
import { type Askable, bareCall } from './bare-call.ts'
import type { Deps } from './call.ts'
import { factsFor } from './decide.ts'

/** What only a call itself tells. */
const untold: ReadonlySet<Unknown> = new Set<Unknown>(['arguments', 'resources'])

/**
 * How a reviewed tool stands towards a client before it is called. INVARIANT: there is no second judge: what is refused here is what the
 * lists of tools leave out, and what is decided here is what stage 6 decides for a call of which nothing in the arguments matters.
 */
export function toolAccess(client: Askable['client'], server: Server, pinned: PinnedTool, deps: Deps): ToolAccess {
  const name = pinned.review.name
  const asked = { client, generation: 'legacy', kind: 'tool', method: 'tools/call' } as const
  const envelope = bareCall({ ...asked, server, name, tool: pinned }, deps)
  const told = {
    ...{ server: server.name, tool: name },
    ...{ action: envelope.tool.action, classification: envelope.tool.classification },
  }
  const refused = builtIn(client, server, deps)
  if (refused !== null) return { ...told, access: 'denied', level: null, why: refused, rules: [] }
  const standing = standingOf(server, pinned, deps)
  const { facts } = factsFor({ server, serverName: server.name, clientId: client.id, standing, envelope }, deps)
  return { ...told, ...judged(envelope, facts, deps) }
}

/** What no policy can change, as `builtIn` of the stage that decides has it. */
function builtIn({ id, name }: Envelope['client'], server: Server, deps: Deps): string | null {
  if (deps.clientRevoked(id)) return `${reasons.CLIENT_REFUSED[0]}: \`${name}\``
  if (server.approved_launch === null) return `${reasons.SERVER_NOT_APPROVED[0]}: \`${server.name}\``
  return mayRun(server) ? null : `${reasons.SERVER_CHANGED[0]}: \`${server.name}\``
}

function standingOf(server: Server, { review, approval }: PinnedTool, { clock }: Deps): Facts['tool'] {
  if (server.held.has(review.name) || server.denied.some(({ tool }) => tool === review.name)) return 'held'
  return approvalState(approval, clock.now()) === 'review_due' ? 'due' : 'reviewed'
}

type Judged = Pick<ToolAccess, 'access' | 'level' | 'why' | 'rules'>

function judged(envelope: Envelope, facts: Facts, deps: Deps): Judged {
  const snapshot = deps.snapshot()
  const bare = decide(envelope, snapshot, facts)
  const relaxed = facts.observe || facts.override === true
  const blocked = facts.stopped || facts.tool !== 'reviewed' || facts.missingScopes.length > 0
  if (blocked || !canEverBeAllowed({ ...facts, envelope, named: true, observe: relaxed }, snapshot)) {
    const why = bare.effect === 'DENY' ? bare.reason : 'whatever it is asked, some rule or bound refuses it'
    return { access: 'denied', level: null, why, rules: rulesOf(bare) }
  }
  const { decision, unknown } = decidePartly(envelope, untold, snapshot, facts)
  if (decision || !snapshot) return told(decision ?? bare)
  // What is decided when none of the rules that look at arguments matches.
  const rest = candidatesFor(envelope, snapshot).filter((rule) => !unknown.has(rule))
  const usual = decide(envelope, onlyRules(snapshot, rest), facts)
  const mayDiffer = [...unknown].map(({ id }) => id)
  const named = mayDiffer.slice(0, mostNamed).map((id) => `\`${id}\``)
  const others = mayDiffer.length > mostNamed ? ` and ${mayDiffer.length - mostNamed} more` : ''
  const why = `${named.join(', ')}${others} may say otherwise, by what it is asked`
  if (usual.effect === 'DENY')
    return { access: 'depends', level: null, why: `${usual.reason}; ${why}`, rules: mayDiffer }
  const { access, level, rules } = told(usual)
  return { access, level, why: `${usual.reason}; ${why}`, rules: [...rules, ...mayDiffer] }
}

/** Rules that are named in a sentence. */
const mostNamed = 3

function told(decision: Decision): Judged {
  const { approval_level: level, reason: why } = decision
  return { access: wordOf(decision), level, why, rules: rulesOf(decision) }
}

function wordOf({ effect }: Decision): AccessWord {
  return effect === 'DENY' ? 'denied' : effect === 'REQUIRE_APPROVAL' ? 'asks' : 'allowed'
}

function rulesOf({ rules }: Decision): string[] {
  return rules.map(({ id }) => id)
}
