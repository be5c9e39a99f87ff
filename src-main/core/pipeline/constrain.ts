import type { Decision } from '../../../shared/decision.ts'
import { reasons } from '../../../shared/errors.ts'
import { type Broken, checkCall, namesOf } from '../constraints/check-call.ts'
import { boundingRules } from '../constraints/set-by.ts'
import type { Rule } from '../policy/rule.ts'
import type { DecidedCall, Deps, JudgedCall } from './call.ts'

/**
 * Stage 6, second half: whether the call keeps within the bounds under which policy lets it run, as far as can be seen before it runs. One
 * that does not is denied, so that nobody is asked about it; it is part of deciding anew when a hold ends. Nothing is recorded, and nobody told.
 */
export async function constrain(call: JudgedCall, deps: Deps): Promise<DecidedCall> {
  const { decision, envelope, request, server } = call
  const bounding = boundingRules(decision, deps.snapshot())
  const { client, serverName, kind, toolName, args } = request
  const checked = await checkCall(
    {
      ...{ constraints: decision.constraints, rules: bounding, server, action: envelope.tool.action, args },
      sqlArgument: call.tool?.review.sql_argument ?? null,
      caller: { client, user: deps.user, serverName, kind, toolName },
      inputSchema: call.tool?.definition.inputSchema,
    },
    deps,
  )
  return checked.broken ? breaking({ ...call, bounding, checked }, checked.broken) : { ...call, bounding, checked }
}

/** A call that breaks a bound: it is denied. */
export function breaking(call: DecidedCall, broken: Broken): DecidedCall {
  return { ...call, checked: { ...call.checked, broken }, decision: denial(call.decision, broken) }
}

/** Records what was seen of the bounds of a call, and tells people of one that it breaks where a rule asked for that. */
export function noteChecked(call: DecidedCall, deps: Pick<Deps, 'alert'>): void {
  const { broken, held } = call.checked
  call.trail.checked(broken ? [refusedBy(broken)] : held)
  if (broken) alert(call, broken, deps)
}

function denial(decision: Decision, { code, detail, rules }: Broken): Decision {
  const reason = `${reasons[code][0]}: ${detail}`
  const refs = rules.map(({ ref }) => ref)
  return { ...decision, effect: 'DENY', code, reason, rules: refs, constraints: {}, approval_level: null }
}

/** Rules of which only the names count. */
type Named = { rules: readonly Pick<Rule, 'id'>[] }

/** What the record says of a bound that refused a call. */
export function refusedBy({ bound, rules, detail }: Pick<Broken, 'bound' | 'detail'> & Named) {
  return { bound, ...namesOf(rules), result: 'refused' as const, detail }
}

/** Tells people of it when one of the rules asked for that. */
export function alert(
  call: JudgedCall,
  broken: Pick<Broken, 'alert' | 'detail'> & Named,
  deps: Pick<Deps, 'alert'>,
): void {
  const kind = broken.alert
  if (kind === null || !call.decision.alerts.includes(kind)) return
  const { serverName, toolName, client } = call.request
  const rules = broken.rules.map(({ id }) => id)
  deps.alert(kind, {
    call: call.id,
    server: serverName,
    tool: toolName,
    client: client.name,
    rules,
    why: broken.detail,
  })
}
