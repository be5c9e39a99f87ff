import { sentBeside } from '../envelope/also-sent.ts'
import { basesOf } from '../envelope/bases.ts'
import { maxScannedBytes } from '../safety/screen.ts'
import type { CallRequest, Deps, LookedIntoCall, OpenCall } from './call.ts'
import { pin } from './pin.ts'
import { Refused } from './refused.ts'

/**
 * Stages 2 to 4: pins the call, scans what it sends for secrets and personal data, and finds the paths that any part of `params` names. One that
 * took its time is pinned again: whether its tool is still what a person reviewed may have changed meanwhile. Rejects with
 * MESSAGE_TOO_LARGE when the arguments are too long to scan, with SERVER_CHANGED when the server is another one by then, and as
 * `RequestReader.look` does.
 */
export async function look(call: OpenCall, deps: Deps): Promise<LookedIntoCall> {
  const { request } = call
  const pinned = await pin(call, deps)
  const texts = scannedTexts(request)
  if (texts.reduce((sum, { length }) => sum + length, 0) > maxScannedBytes) {
    throw new Refused('MESSAGE_TOO_LARGE', 'blocked', ['The arguments are too long to scan for secrets.'])
  }
  const { server, tool } = pinned
  const known = { reviewed: tool !== null, bases: basesOf(server?.launch) }
  const found = await deps.requests.look({ texts, client: request.client.id, asked: request, ...known })
  if (!deps.requests.takesTurns(request.message)) return { ...pinned, ...found }
  const again = await pin(call, deps)
  if (again.server?.launch !== server?.launch) throw new Refused('SERVER_CHANGED', 'blocked')
  return { ...again, ...found }
}

/** The arguments, and what is sent beside them; apart, so that nothing is read across the two. */
function scannedTexts({ kind, argumentsText, message }: CallRequest): string[] {
  const beside = sentBeside(message, kind)
  return beside === '' ? [argumentsText] : [argumentsText, beside]
}
