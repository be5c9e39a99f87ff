import { approvalState } from '../../../shared/approval-state.ts'
import type { ServerView } from '../../../shared/server.ts'
import type { ToolProgress } from '../../../shared/tool-approval.ts'
import { enforceableFor } from '../constraints/enforceable.ts'
import { bareCall } from '../pipeline/bare-call.ts'
import type { Deps } from '../pipeline/call.ts'
import { accessFacts } from '../pipeline/decide.ts'
import { canEverBeAllowed } from '../policy/ever-allowed.ts'
import { mayRun, type PinnedTool, type Server } from '../registry/server-record.ts'

/** Nothing but policy bounds it. */
const unbound = { scopes: null, tenant: null, purpose: '' }

type Around = Pick<Deps, 'snapshot' | 'user' | 'clock' | 'confinement'>
type LastUsed = (server: string, tool: string) => string | null

/** How each tool of a server stands in its workflow (seed 002): reviewed ones in the order of `ServerView.tools`, then new ones. */
export function progressOf(server: Server, view: ServerView, around: Around, lastUsed: LastUsed): ToolProgress[] {
  const known = [...server.tools].map(([tool, pinned]): ToolProgress => {
    const { approval } = pinned
    return { tool, approval, last_used: lastUsed(server.name, tool), ...stepOf(server, tool, pinned, around) }
  })
  const fresh = view.new_tools.map(
    (tool): ToolProgress => ({
      ...{ tool, step: 'security_review', approval: null, last_used: null },
      why: server.denied.some((denial) => denial.tool === tool) ? 'a person denied it' : 'nobody has reviewed it',
    }),
  )
  return [...known, ...fresh]
}

function stepOf(server: Server, tool: string, pinned: PinnedTool, around: Around): Pick<ToolProgress, 'step' | 'why'> {
  if (server.denied.some((denial) => denial.tool === tool)) {
    return { step: 'security_review', why: 'a person denied it, so it stays refused until it is approved after all' }
  }
  if (server.held.has(tool)) return { step: 'security_review', why: 'it changed since it was approved, so it is held' }
  if (!mayRun(server)) return { step: 'security_review', why: 'what its server runs is not as it was approved' }
  const state = approvalState(pinned.approval, around.clock.now())
  if (state === 'review_due') return { step: 'periodic_review', why: 'its approval is over, so it is held' }
  if (!isBound(server, tool, pinned, around)) {
    return { step: 'policy_binding', why: 'no rule of the policy in force can let it through' }
  }
  return state === 'review_soon' ? { step: 'periodic_review', why: 'its approval ends soon' } : { step: null, why: '' }
}

/** Whether policy could let some call of it through, for a client that nothing holds back. */
function isBound(server: Server, tool: string, pinned: PinnedTool, around: Around): boolean {
  const inForce = around.snapshot()
  const anybody = { id: '', name: '', identity: 'verified', tenant: '' } as const
  const asked = { client: anybody, generation: 'legacy', kind: 'tool', method: 'tools/call' } as const
  const envelope = bareCall({ ...asked, server, name: tool, tool: pinned }, { ...around, credentialOf: () => unbound })
  const { enforceable } = enforceableFor(server, around.confinement)
  const facts = accessFacts({ clock: around.clock, clientForeign: () => false }, '')
  return canEverBeAllowed({ envelope, named: true, enforceable, observe: false, ...facts }, inForce)
}
