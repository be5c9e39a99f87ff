import { hash } from 'node:crypto'
import { CallError } from '../../../shared/call-errors.ts'
import { canonicalJson } from '../audit/canonical.ts'
import { duplicateKey } from '../json/outline.ts'
import { wholeValue } from '../json/spans.ts'
import type { Request } from './request.ts'
import { staysSmall } from './schema-size.ts'

/** How a call with other arguments would be judged now. */
export type Judged = { effect: 'DENY' | 'REQUIRE_APPROVAL' | 'ALLOW'; level: number; reason: string }

/** What makes a request one whose arguments a person may change: the schema that was reviewed, and who judges it anew. */
export type Editing = { schema: unknown; judge: (argumentsText: string) => Promise<Judged> }

/** Longer arguments are not edited by hand, and a longer schema is not checked. */
const most = { text: 262_144, schema: 65_536 }

function refused(why: string): CallError {
  return new CallError('EDIT_REFUSED', why)
}

/**
 * What makes a request editable: arguments are changed for one call that waits, with a `plain` yes and nothing after it. Throws
 * CallError EDIT_REFUSED.
 */
export function mustBeEditable({ editing, waiters }: Pick<Request, 'editing' | 'waiters'>, plain: boolean): Editing {
  if (!editing) throw refused('the arguments of this request cannot be changed')
  if (!plain) throw refused('changed arguments are allowed once, and not with a grant')
  if (waiters.size === 1) return editing
  const waiting = waiters.size === 0 ? 'no call waits' : `${waiters.size} calls wait`
  throw refused(`${waiting} for this answer, and only one can be changed`)
}

/**
 * Whether edited arguments may be answered with: one JSON object without a key twice, as the reviewed schema wants it, and judged to ask
 * for no more than the person answers. Throws CallError EDIT_REFUSED, which says what is wrong and where.
 */
export async function checkEdited(text: string, level: number, { schema, judge }: Editing): Promise<void> {
  const args = objectIn(text)
  const complaint = await complaintOf(args, schema)
  if (complaint) throw refused(complaint)
  const judged = await judge(text)
  if (judged.effect === 'DENY') throw refused(judged.reason)
  if (judged.effect === 'REQUIRE_APPROVAL' && judged.level > level) {
    throw refused(`like this it would need an answer at level ${judged.level}: ${judged.reason}`)
  }
}

function objectIn(text: string): object {
  if (text.length > most.text) throw refused(`more than ${most.text} characters`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw refused(`this is not JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused('arguments are one JSON object')
  const bytes = Buffer.from(text)
  const twice = duplicateKey(bytes, wholeValue(bytes))
  if (twice !== null) throw refused(`the key \`${twice}\` appears twice`)
  return value
}

/** Patterns are the server's, and may take for ever: it checks them itself. */
const anyText = Object.assign(() => ({ test: () => true }), { code: '() => ({ test: () => true })' })

const uncheckable = 'the schema of this tool cannot be checked here, so only what was asked for can be allowed'

/** Where arguments do not fit the schema, in words; null when they do. The library is loaded with the first edit: a start goes without. */
async function complaintOf(args: object, schema: unknown): Promise<string | null> {
  if (typeof schema !== 'object' || schema === null || JSON.stringify(schema).length > most.schema) {
    return uncheckable
  }
  const { $schema: _dialect, $id: _id, ...rest } = schema as Record<string, unknown>
  if (!staysSmall(rest)) return uncheckable
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  try {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, code: { regExp: anyText } })
    const fits = ajv.compile(rest)
    if (fits(args)) return null
    const [first] = fits.errors ?? []
    return `\`${first?.instancePath || '/'}\` ${first?.message ?? 'does not fit the schema of the tool'}`
  } catch {
    return uncheckable
  }
}

/** What is kept of edited arguments, salted as all that was shown is, and its hash, which is signed with the answer. */
export function keptEdit(argumentsText: string, salt: string): { text: string; edited_hash: string } {
  const text = canonicalJson({ salt, arguments: argumentsText })
  return { text, edited_hash: hash('sha256', text) }
}
