import type { ConstraintResult } from '../../../shared/audit.ts'
import type { Constraints } from '../../../shared/constraints.ts'
import type { Message } from '../json/message.ts'
import { applyEdits, memberOf } from '../json/text.ts'
import { namesOf, setBy } from './check-call.ts'
import { fieldNames } from './field-names.ts'
import { limitRows } from './limit-rows.ts'
import { CannotMask, maskJson } from './mask-fields.ts'
import { type Setter, settersOf } from './set-by.ts'

type Bound = keyof Constraints

/** An answer that may not be delivered: which bound forbids it, and why. */
export type Withheld = {
  code: 'RESULT_TOO_LARGE' | 'RESULT_WITHHELD'
  bound: Bound
  rules: readonly Setter[]
  detail: string
}

/** What became of an answer under its bounds. */
export type BoundedResult = { line: Buffer; results: ConstraintResult[]; withheld: Withheld | null }

/** The bounds that an answer is held to. `sqlRows`: the SQL of the call says itself how many rows it may give back. */
export type ResultBounds = { constraints: Constraints; rules: readonly Setter[]; sqlRows: boolean }

/** Longest answer that is looked through for rows and fields: a longer one would hold up everybody else for too long. */
const mostBytes = 4 * 1024 * 1024

/** Looks at names for one answer: 50 to 130 ms; objects of a hundred thousand members take longer to list. */
const mostLooks = 600_000

function createMeter(): (looks: number) => void {
  let left = mostLooks
  return (looks) => {
    left -= looks
    if (left < 0) throw new CannotMask('the answer holds more than can be looked through for that')
  }
}

/** Whether an answer is too long to be delivered; it is measured as it came, whole. */
export function tooLong(answer: Message, { constraints, rules }: ResultBounds): Withheld | null {
  const most = constraints.max_bytes
  const bytes = answer.raw.length
  if (most === undefined || bytes <= most) return null
  const setting = settersOf(rules, 'max_bytes')
  const detail = `${setBy('max_bytes', setting)}: the answer has ${bytes} bytes, and at most ${most} are let through`
  return { code: 'RESULT_TOO_LARGE', bound: 'max_bytes', rules: setting, detail }
}

/**
 * Holds an answer to `max_rows` and `mask_fields`: `line` is it with all other bytes as they were. `parsed` is the same line, read. What cannot
 * be counted or masked is withheld.
 */
export function boundResult(line: Buffer, parsed: Message, bounds: ResultBounds): BoundedResult {
  const { max_bytes, max_rows, mask_fields } = bounds.constraints
  const results: ConstraintResult[] = []
  const note: Note = (bound, result, detail) =>
    results.push({ bound, ...namesOf(settersOf(bounds.rules, bound)), result, detail })
  if (max_bytes !== undefined) note('max_bytes', 'held', `${parsed.raw.length} of ${max_bytes} bytes`)
  if (max_rows === undefined && mask_fields === undefined) return { line, results, withheld: null }
  const place = parsed.spans.has('error') ? 'error' : 'result'
  const span = parsed.spans.get(place)
  if (!span || [...parsed.spans.keys()].some((key) => !['jsonrpc', 'id', place].includes(key))) {
    return { line, results, withheld: oddAnswer(bounds) }
  }
  if (span.end - span.start > mostBytes) return { line, results, withheld: unreadable(bounds) }
  const answer = { text: line.toString('utf8', span.start, span.end), value: parsed.json[place], place } as const
  const limited = max_rows === undefined ? answer : keepRows(answer, max_rows, bounds, note)
  if ('withheld' in limited) return { line, results, withheld: limited.withheld }
  const masked = mask_fields === undefined ? limited : maskFields(limited, mask_fields, bounds, note)
  if ('withheld' in masked) return { line, results, withheld: masked.withheld }
  const { text } = masked
  const bounded = Buffer.concat([line.subarray(0, span.start), Buffer.from(text), line.subarray(span.end)])
  return { line: bounded, results, withheld: null }
}

function unreadable({ constraints, rules }: ResultBounds): Withheld {
  const bound = constraints.mask_fields === undefined ? 'max_rows' : 'mask_fields'
  const setting = settersOf(rules, bound)
  const detail = `${setBy(bound, setting)}: the answer is longer than the ${mostBytes} bytes that can be looked through for that`
  return { code: 'RESULT_TOO_LARGE', bound, rules: setting, detail }
}

/** Nobody looks for rows or fields beside the result; who reads them there is not known. */
function oddAnswer({ constraints, rules }: ResultBounds): Withheld {
  const bound = constraints.mask_fields === undefined ? 'max_rows' : 'mask_fields'
  const setting = settersOf(rules, bound)
  const detail = `${setBy(bound, setting)}: the answer holds more than a result or an error`
  return { code: 'RESULT_WITHHELD', bound, rules: setting, detail }
}

type Note = (bound: Bound, result: ConstraintResult['result'], detail: string) => void
type Answer = { text: string; value: unknown; place: 'result' | 'error' }

function keepRows(answer: Answer, most: number, { rules, sqlRows }: ResultBounds, note: Note) {
  const { text, value, place } = answer
  const limited = limitRows(text, value, place, most, place === 'error' || isError(value))
  const setting = settersOf(rules, 'max_rows')
  const set = setBy('max_rows', setting)
  if (!limited.counted && !sqlRows) {
    const detail = `${set}: the rows of the answer cannot be counted, and the call does not say how many it asks for`
    return { withheld: { code: 'RESULT_WITHHELD', bound: 'max_rows', rules: setting, detail } as const }
  }
  if (limited.edits.length === 0) {
    note('max_rows', 'held', limited.counted ? rowsWords(limited.rows) : 'the SQL of the call says how many')
    return answer
  }
  const said = `${limited.kept} of ${rowsWords(limited.rows)}`
  note('max_rows', 'truncated', said)
  const told = `Toolgate: only ${said} are passed on, because policy allows no more (${set}). Ask for fewer, or for the next ones by themselves.`
  const cut = withNote(applyEdits(text, limited.edits), value, told)
  return { ...answer, text: cut, value: JSON.parse(cut) as unknown }
}

function maskFields(answer: Answer, names: readonly string[], { rules }: ResultBounds, note: Note) {
  try {
    const { edits, counts } = maskJson(answer.text, answer.value, answer.place, fieldNames(names, createMeter()))
    const text = applyEdits(answer.text, edits)
    // Whatever was masked in the wrong place would show here, and the answer would be withheld.
    const masked = { ...answer, text, value: edits.length > 0 ? (JSON.parse(text) as unknown) : answer.value }
    const said = [...counts].map(([field, count]) => `${field}: ${count}`).join(', ')
    if (edits.length > 0) note('mask_fields', 'masked', said)
    else note('mask_fields', 'held', 'none of them was in the answer')
    return masked
  } catch (error) {
    const setting = settersOf(rules, 'mask_fields')
    const why = error instanceof CannotMask ? error.message : 'it cannot be told what must be masked'
    const detail = `${setBy('mask_fields', setting)}: ${why}`
    return { withheld: { code: 'RESULT_WITHHELD', bound: 'mask_fields', rules: setting, detail } as const }
  }
}

function rowsWords(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`
}

function isError(result: unknown): boolean {
  return (result as { isError?: unknown } | null | undefined)?.isError === true
}

/** The result with a note for who reads it: as the last text where it has content, else in `_meta`. */
function withNote(text: string, result: unknown, note: string): string {
  const { content, structuredContent, _meta } = (result ?? {}) as Record<string, unknown>
  const block = JSON.stringify({ type: 'text', text: note })
  const said = `"dev.toolgate/note":${JSON.stringify(note)}`
  if (Array.isArray(content)) return withLast(text, 'content', block)
  if (structuredContent !== undefined) return withFirst(text, `"content":[${block}]`)
  return typeof _meta === 'object' && _meta !== null
    ? withLast(text, '_meta', said)
    : withFirst(text, `"_meta":{${said}}`)
}

/** The object with one more member, before all others. */
function withFirst(text: string, member: string): string {
  const at = text.indexOf('{') + 1
  return `${text.slice(0, at)}${member},${text.slice(at)}`
}

/** The object with one more item in the list or object that its member `key` is, after all others. */
function withLast(text: string, key: string, item: string): string {
  const span = memberOf(text, key)
  if (!span) throw new Error(`the answer has no \`${key}\``)
  const at = span.end - 1
  const empty = /^[[{]\s*$/.test(text.slice(span.start, at))
  return `${text.slice(0, at)}${empty ? '' : ','}${item}${text.slice(at)}`
}
