import { ToolgateError } from '../../../shared/errors.ts'
import { type Kind, kindFromClient, kindFromServer } from '../../../shared/traffic.ts'
import { withoutMeta } from '../envelope/also-sent.ts'
import { argsHash } from '../envelope/binding.ts'
import { exactOf, parseExact } from '../json/exact.ts'
import { type Message, paramOf, paramsOf, parseMessage } from '../json/message.ts'
import { splice, textOf } from '../json/spans.ts'
import type { CallRequest } from './call.ts'

/** What of a request is about the thing that it asks for, whoever asks. */
export type Subject = Pick<
  CallRequest,
  'message' | 'params' | 'kind' | 'method' | 'toolName' | 'args' | 'argumentsText' | 'argsHash'
>

/** Longest name or URI of what is asked for, which each record of the request repeats. */
const longestName = 16_384

const noParams = Buffer.from('{}')

/**
 * A governed request that calls no tool, as the pipeline takes it. `task` is the name of the tool that made the task it is about.
 * Throws MALFORMED_MESSAGE when it does not say what it asks for.
 */
export function subjectOf(message: Message, task: string | null = null): Subject {
  const method = message.method ?? ''
  const kind = kindFromClient(method) ?? kindFromServer(method)
  if (kind === null || kind === 'tool') throw new Error(`\`${method}\` is not decided here`)
  const span = message.spans.get('params')
  const params = span ? message.raw.subarray(span.start, span.end) : noParams
  const argumentsText = withoutMeta(params)
  const args = parseExact(argumentsText) as Record<string, unknown>
  const whole = { start: 0, end: params.length }
  const toolName = checkedName(nameOf(kind, method, args, task))
  return { message, params, kind, method, toolName, args, argumentsText, argsHash: () => argsHash(params, whole) }
}

/** A call of a tool, as the pipeline takes it. Throws MALFORMED_MESSAGE when it names no tool, or its arguments are no object. */
export function calledTool(message: Message): Subject {
  const span = message.spans.get('params')
  const params = paramsOf(message)
  if (!span || typeof params.name !== 'string')
    throw new ToolgateError('MALFORMED_MESSAGE', 'a call needs `params.name`')
  const given = paramOf(message, 'arguments')
  const argumentsText = given ? textOf(message.raw, given) : '{}'
  // No key of `params` is there twice, so the message's own reading is that of this text.
  const args = given ? exactOf(argumentsText, params.arguments) : {}
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    throw new ToolgateError('MALFORMED_MESSAGE', '`params.arguments` must be an object')
  }
  return {
    message,
    params: message.raw.subarray(span.start, span.end),
    ...{ kind: 'tool', method: 'tools/call', toolName: checkedName(params.name) },
    args: args as Record<string, unknown>,
    argumentsText,
    argsHash: () => argsHash(message.raw, span),
  }
}

/** The same call of a tool with other arguments, everything else byte for byte. `argumentsText` is a JSON object. */
export function withArguments(request: CallRequest, argumentsText: string): CallRequest {
  const { raw, spans } = request.message
  const params = spans.get('params')
  if (request.kind !== 'tool' || !params) throw new Error('only calls of tools have arguments')
  const given = paramOf(request.message, 'arguments')
  const edit = given
    ? { span: given, text: argumentsText }
    : { span: { start: params.start + 1, end: params.start + 1 }, text: `"arguments":${argumentsText},` }
  return { ...request, ...calledTool(parseMessage(splice(raw, [edit]))), edited: true }
}

/** The name of what is asked for; throws MALFORMED_MESSAGE when it is too long to be recorded. */
function checkedName(name: string): string {
  if (name.length > longestName) throw new ToolgateError('MALFORMED_MESSAGE', 'it asks for too long a name')
  return name
}

function nameOf(kind: Kind, method: string, args: Record<string, unknown>, task: string | null): string {
  switch (kind) {
    case 'resource':
      return text(args.uri, method, 'params.uri')
    case 'prompt':
      return text(args.name, method, 'params.name')
    case 'completion': {
      const { uri, name } = (args.ref ?? {}) as { uri?: unknown; name?: unknown }
      // Which of two a server goes by is its own affair.
      if (uri !== undefined && name !== undefined)
        throw new ToolgateError('MALFORMED_MESSAGE', '`params.ref` holds both a `uri` and a `name`')
      return text(uri ?? name, method, 'params.ref')
    }
    case 'task':
      return task ?? method
    case 'elicitation':
      return args.mode === 'url' ? hostOf(args.url) : 'form'
    default:
      return method
  }
}

/** The full domain of a link, as the network knows it: letters that only look like others show as `xn--…`. */
function hostOf(url: unknown): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : null
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new ToolgateError('MALFORMED_MESSAGE', 'a link to open must begin with `https:` or `http:`')
  }
  return parsed.host
}

function text(value: unknown, method: string, where: string): string {
  if (typeof value === 'string') return value
  throw new ToolgateError('MALFORMED_MESSAGE', `\`${method}\` needs \`${where}\``)
}
