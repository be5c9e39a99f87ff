import { type Message, metaSpan } from '../json/message.ts'
import { member, textOf } from '../json/spans.ts'

/**
 * Tells a client how far a call of its is before the server has it; null when it did not ask for that.
 *
 * Progress must increase (MCP, progress), and the server's own comes later under the same token, byte for byte and from 0 on as a
 * rule. Ours stays below: -1, -1/2, -1/3 and so on, without a total.
 */
export function progressTo(request: Message, toClient: (line: Buffer) => void): ((message: string) => void) | null {
  const { raw } = request
  const meta = metaSpan(request)
  const token = meta && member(raw, meta, 'progressToken')
  if (!token) return null
  const progressToken = textOf(raw, token)
  if (!/^["\d-]/.test(progressToken)) return null
  let told = 0
  return (message) => {
    told += 1
    const rest = `"progress":${-1 / told},"message":${JSON.stringify(message)}`
    const line = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${progressToken},${rest}}}`
    toClient(Buffer.from(line))
  }
}
