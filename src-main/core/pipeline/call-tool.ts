import { admitAsked } from './asked.ts'
import type { CallRequest, DecidedCall, Deps, ForwardedCall, OpenCall, Reply } from './call.ts'
import { close } from './close.ts'
import { breaking, noteChecked } from './constrain.ts'
import { forward } from './forward.ts'
import { judge } from './judge.ts'
import type { Settling } from './judging.ts'
import { denied } from './not-approved.ts'
import { open } from './open.ts'
import { asRefused, GrantSpent, type Refused, refusalLine } from './refused.ts'
import { screen } from './screen.ts'
import { settle } from './settle.ts'
import { withArguments } from './subject.ts'
import { tellEdited } from './tell-edited.ts'
import type { Trail } from './trail.ts'

/**
 * One `tools/call` or other governed request, from its bytes to the reply. Read it top to bottom: the order of the stages is a security property, and
 * each accepts only what the one before it made (blueprint section 4). It never throws: every failure is a refusal that is
 * recorded and explained. The reply is null when the caller no longer wants one.
 */
export async function callTool(request: CallRequest, deps: Deps): Promise<Reply> {
  let opened = open(request, deps)
  let known: DecidedCall | null = null
  const edited = (text: string): OpenCall => ({ ...opened, request: withArguments(request, text) })
  const note = (call: DecidedCall) => {
    known = call
    noteChecked(call, deps)
    return call
  }
  const judged = async () => note(await judge(opened, deps))
  const judging: Settling = {
    again: judged,
    tried: (text) => judge(edited(text), deps),
    edit(text) {
      opened = edited(text)
      opened.trail.edited(opened.request)
    },
    broke: (call, broken) => denied(note(breaking(call, broken))),
  }
  try {
    const decided = await judged()
    await deps.probe('decided')
    const forwarded = await settledAndForwarded(decided, judging, deps)
    await deps.probe('answered')
    const admitted = await admitAsked(await screen(forwarded, deps), (asked) => callTool(asked, deps))
    return await close(tellEdited(admitted), deps)
  } catch (error) {
    const refused = asRefused(error)
    if (refused.code === 'INTERNAL') deps.log.error('a call failed', { call: opened.id, error: String(error) })
    return refuse(request, opened.id, opened.trail, refused, known, deps)
  }
}

/** Settles and sends. A grant that others used up meanwhile is no grant any more, so the call is asked about after all. */
async function settledAndForwarded(first: DecidedCall, judging: Settling, deps: Deps): Promise<ForwardedCall> {
  for (let decided = first; ; decided = await judging.again()) {
    const settled = await settle(decided, judging, deps)
    const { session, serverName } = settled.request
    const { constraints } = settled.decision
    try {
      return await deps.confinement.during({ id: session.id, serverName }, constraints, () => forward(settled, deps))
    } catch (error) {
      if (!(error instanceof GrantSpent)) throw error
    }
  }
}

/** Records a refusal and words it for the caller; when even that cannot be recorded, the caller is told so. */
function refuse(
  request: CallRequest,
  id: string,
  trail: Trail,
  refused: Refused,
  known: DecidedCall | null,
  deps: Deps,
): Reply {
  let told = refused
  try {
    trail.refused(refused, known)
  } catch (error) {
    deps.log.error('a refusal could not be recorded', { call: id, code: refused.code })
    if (refused.code !== 'CALL_CANCELLED') told = asRefused(error)
  }
  if (told.code === 'CALL_CANCELLED') return null
  const { from, message, kind, generation, serverName } = request
  const about = { idText: message.id?.text ?? 'null', from, kind, generation, callId: id, serverName }
  return { line: refusalLine(about, told), callId: id, refused: told }
}
