import type { CallDetail } from '../../../shared/activity.ts'
import { places } from '../../places.ts'
import { reasonWords } from '../../say/call-sentence.ts'

/** What a person can do about a call that was refused or ended badly: in the app, or at the approval page. */
export type NextStep = { words: string; to: string } | { words: string; approvals: string }

/** The steps that lead on from how a call ended, the most useful first. */
export function nextSteps({ row, rules, in_force }: Pick<CallDetail, 'row' | 'rules' | 'in_force'>): NextStep[] {
  const { server, tool, reason_code } = row
  const [deciding] = rules.filter(({ id }) => row.rules.includes(id))
  const review: NextStep[] = [
    { words: 'Review the server', approvals: `/servers/${server}` },
    { words: 'See the server', to: places.server(server) },
  ]
  switch (reason_code) {
    case 'POLICY_DENIED':
    case 'CONSTRAINT_CONFLICT':
    case 'CONSTRAINT_UNENFORCEABLE':
      return [{ words: 'See the rule', to: deciding && in_force ? places.rule(deciding.id) : places.policies }]
    case 'NO_RULE':
    case 'POLICY_MISSING':
    case 'POLICY_ERROR':
      return [{ words: 'See the policies', to: places.policies }]
    case 'SERVER_UNKNOWN':
      return [{ words: 'Add a server', to: places.addServer }]
    case 'SERVER_NOT_APPROVED':
    case 'SERVER_CHANGED':
    case 'TOOL_NOT_REVIEWED':
      return review
    case 'SERVER_CRASHING':
    case 'SERVER_EXITED':
    case 'SERVER_UNREACHABLE':
      return [{ words: 'See the server', to: places.server(server) }]
    case 'TOOL_CHANGED':
      return [{ words: 'See what changed', to: places.tool(server, tool) }, ...review.slice(0, 1)]
    case 'STOPPED':
      return [{ words: 'Resume', approvals: '/resume' }]
    case 'CLIENT_REFUSED':
      return [{ words: 'See the clients', to: places.clients }]
    case 'APPROVAL_PENDING':
      return [{ words: 'Answer it', approvals: '/' }]
    default:
      return []
  }
}

/** What can be done, in a sentence: the hint of the reason, about this server. */
export function hintOf({ reason_code, server }: CallDetail['row']): string | null {
  const hint = reasonWords(reason_code)?.hint ?? null
  return hint === null ? null : hint.replaceAll(/<name>|<server>/g, server)
}
