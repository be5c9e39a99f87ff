import { checkNames, type Question, type SqlReader } from '../constraints/check-call.ts'
import { textOf } from '../json/spans.ts'
import type { Deps, SettledCall } from './call.ts'

/**
 * Stage 7, second half: asks the database of a call that may run what only that can say of it. It is a question of ours, by the tool that
 * is called: nothing of it reaches the server before everybody has allowed the call, and it holds nothing of what the agent sent but what says
 * which database is meant. It is on record for itself, and asked within the call's own bounds.
 */
export function askDatabase(call: SettledCall, question: Question, sql: SqlReader, deps: Deps) {
  const { id, request, decision, bounding } = call
  const { ask, session, serverName, toolName } = request
  const { audit, user } = deps
  const detail = { call: id, server: serverName, tool: toolName }
  const asked = async (text: string) => {
    if (!ask) return null
    audit.append([{ kind: 'event', event: 'database.asked', user_id: user, detail }])
    const { json, raw, spans } = await ask('tools/call', { name: toolName, arguments: question.argumentsFor(text) })
    const result = spans.get('result')
    const failed = (json.result as { isError?: unknown } | null | undefined)?.isError === true
    return result && !failed ? textOf(raw, result) : null
  }
  const within = { id: session.id, serverName }
  return deps.confinement.during(within, decision.constraints, () => checkNames(question, bounding, sql, asked))
}
