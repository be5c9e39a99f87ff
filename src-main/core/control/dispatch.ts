import type { z } from 'zod'
import { CallError } from '../../../shared/call-errors.ts'
import { type CallName, type ControlReply, ControlRequest, calls } from '../../../shared/calls.ts'
import { reasons, ToolgateError } from '../../../shared/errors.ts'
import { callsOfAuditors, callsOfEverybody } from '../../../shared/people.ts'
import type { Log } from '../ports.ts'
import type { ConnectionHandlers, Door } from './handlers.ts'

/** Bytes that one request or one reply may have, its line end not counted. */
export const controlLineLimit = 8 * 1024 * 1024

/** Hears of each call that was refused, and why; must not throw. `input` is what came, not parsed. */
export type OnRefused = (refused: {
  call: string
  door: Pick<Door, 'name' | 'pid'>
  input: unknown
  code: string
}) => void

/**
 * Answers one request line with one reply: the call must be in the table and open to this door, presence must be proved
 * where the table asks for it, and input and output must fit. Never throws; what a caller is told of a failure is its code,
 * sentence and next step, and the stack stays in the log.
 */
export async function dispatch(
  line: string,
  handlers: ConnectionHandlers,
  door: () => Door,
  log: Log,
  onRefused: OnRefused = () => {},
): Promise<ControlReply> {
  let id = 0
  let call = ''
  let input: unknown
  try {
    if (Buffer.byteLength(line) > controlLineLimit) throw new CallError('TOO_LARGE')
    const request = parseRequest(line)
    id = request.id
    call = request.call
    input = request.input
    if (!Object.hasOwn(calls, call)) throw new CallError('UNKNOWN_CALL', `\`${call.slice(0, 80)}\``)
    return { id, ok: true, value: await answer(call as CallName, request.input, handlers, door()) }
  } catch (error) {
    const reply = refusal(id, call, error, log)
    const { name, pid } = door()
    onRefused({ call, door: { name, pid }, input, code: reply.code })
    return reply
  }
}

/** One reply as one line, without its line end; a reply over the limit becomes a refusal. */
export function replyLine(reply: ControlReply): string {
  const text = JSON.stringify(reply)
  if (Buffer.byteLength(text) <= controlLineLimit) return text
  const { code, message, hint } = new CallError('TOO_LARGE', 'the answer')
  return JSON.stringify({ id: reply.id, ok: false, code, message, hint } satisfies ControlReply)
}

async function answer(name: CallName, raw: unknown, handlers: ConnectionHandlers, door: Door): Promise<unknown> {
  const { doors, input, output, presence } = calls[name]
  if (!doors.some((allowed) => allowed === door.name)) throw new CallError('FORBIDDEN_AT_DOOR', `\`${name}\``)
  if (presence && !door.present) throw new CallError('PRESENCE_REQUIRED')
  if (presence && door.who?.auditor && !callsOfAuditors.includes(name)) throw new CallError('AUDITOR_ONLY_LOOKS')
  if (presence && door.who?.admin === false && !callsOfEverybody.includes(name)) throw new CallError('ADMIN_ONLY')
  const handler = handlers[name]
  if (!handler) throw new CallError('FORBIDDEN_AT_DOOR', `\`${name}\``)
  const parsed = input.safeParse(raw)
  if (!parsed.success) throw new CallError('BAD_INPUT', complaintsOf(parsed.error))
  // The one cast of this door: the table pairs the name with its input, which TypeScript cannot follow through a variable.
  const value = await (handler as (input: unknown, door: Door) => unknown)(parsed.data, door)
  return output.parse(value)
}

/** What does not fit, in one sentence: where our own words say it they are enough, else the name of what is wrong comes first. */
function complaintsOf({ issues }: z.ZodError): string {
  const said = issues.map(({ path, message }) => {
    // Ours begin with a small letter, those of the schema library do not.
    if (/^[^A-Z]/.test(message) || path.length === 0) return message
    return `\`${path.join('.')}\`: ${message.slice(0, 1).toLowerCase()}${message.slice(1)}`
  })
  return [...new Set(said)].join('; ')
}

function parseRequest(line: string): z.infer<typeof ControlRequest> {
  try {
    return ControlRequest.parse(JSON.parse(line))
  } catch {
    throw new CallError('BAD_REQUEST')
  }
}

function refusal(id: number, call: string, error: unknown, log: Log): Extract<ControlReply, { ok: false }> {
  if (error instanceof CallError || error instanceof ToolgateError) {
    return { id, ok: false, code: error.code, message: error.message, hint: error.hint }
  }
  log.error('a control call failed', {
    call,
    error: error instanceof Error ? (error.stack ?? error.message) : 'not an error',
  })
  const [message, hint] = reasons.INTERNAL
  return { id, ok: false, code: 'INTERNAL', message, hint }
}
