import { elements, member, type Span, splice, wholeValue } from '../json/spans.ts'
import { screenJson } from '../safety/screen.ts'
import type { ScreenedCall } from './call.ts'

const key = 'dev.toolgate/edited'

/**
 * Tells the caller that a person changed the arguments of its call, and to what: in words at the end of the content, and under a key
 * of ours in `_meta`. An answer without a result stays as it is.
 */
export function tellEdited<C extends ScreenedCall>(call: C): C {
  const { request, line } = call
  const result = request.edited ? member(line, { start: 0, end: line.length }, 'result') : null
  if (!result || line[result.start] !== 0x7b) return call
  const args = Buffer.from(request.argumentsText)
  const text = screenJson(args, wholeValue(args)).line.toString()
  const note = JSON.stringify({
    type: 'text',
    text: `Toolgate: a person changed the arguments of this call before allowing it. It ran with ${text}`,
  })
  const edits = [intoObject(line, result, text), intoContent(line, result, note)].filter((edit) => edit !== null)
  return { ...call, line: splice(line, edits) }
}

/** Our member of `_meta`, which is made where there is none. */
function intoObject(line: Buffer, result: Span, text: string) {
  const own = `${JSON.stringify(key)}:${JSON.stringify({ arguments: text })}`
  const meta = member(line, result, '_meta')
  if (meta && line[meta.start] !== 0x7b) return null
  const into = meta ?? result
  const comma = isEmpty(line, into) ? '' : ','
  return inserted(into.start + 1, meta ? `${own}${comma}` : `"_meta":{${own}}${comma}`)
}

function intoContent(line: Buffer, result: Span, note: string) {
  const content = member(line, result, 'content')
  if (!content || line[content.start] !== 0x5b) return null
  return inserted(content.end - 1, elements(line, content).length === 0 ? note : `,${note}`)
}

function isEmpty(line: Buffer, { start, end }: Span): boolean {
  return line.toString('utf8', start + 1, end - 1).trim() === ''
}

function inserted(at: number, text: string) {
  return { span: { start: at, end: at }, text }
}
