import { outcomeOf, type RawClient } from '../fakes/raw-client.ts'
import { paramsOf, type SentCall } from './audit-trail.ts'

/** A call to make. */
export type Planned = { tool: string; args: object }

let sentSoFar = 0

/** Sends calls over one connection, all at once; resolves with what each was told. */
export async function sendAll(client: RawClient, calls: readonly Planned[]): Promise<SentCall[]> {
  const open = new Map<string, SentCall>()
  const sent = calls.map(({ tool, args }) => {
    const call: SentCall = { params: paramsOf(tool, args) }
    const id = `many-${++sentSoFar}`
    open.set(id, call)
    client.write(`{"jsonrpc":"2.0","id":"${id}","method":"tools/call","params":${call.params}}`)
    return call
  })
  if (sent.length === 0) return sent
  const seen = new Set<Buffer>()
  await client.line((line) => {
    if (seen.has(line)) return false
    seen.add(line)
    const { id, ...answer } = JSON.parse(line.toString()) as { id?: string }
    const call = open.get(id ?? '')
    if (!call) return false
    call.told = outcomeOf(answer)
    open.delete(id ?? '')
    return open.size === 0
  })
  return sent
}
