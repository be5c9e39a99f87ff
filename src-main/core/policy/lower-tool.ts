import { normalConstraints } from './combine-constraints.ts'
import { emptyContent, type FileContent, type Home, idFrom, plainRule, type RuleComplaint } from './file-content.ts'
import { compileGlob } from './glob.ts'
import { quoteList } from './quote.ts'
import type { Match } from './rule.ts'
import type { ToolFile } from './tool-file.ts'

/**
 * A per-tool file as rules: one that allows the tool to the roles under the constraints until its review is due, one that denies it
 * to everybody else, and one that denies it once the review is overdue. A file that names who may use a tool must also keep
 * out those whom another rule would let in.
 */
export function lowerTool(file: ToolFile, home: Home): FileContent {
  const content = emptyContent()
  const id = file.id ?? idFrom(file.tool)
  content.ids.push({ of: 'rule', id, path: file.id === undefined ? ['tool'] : ['id'] })
  content.warnings.push(...ineffective(file))
  if (id === '') {
    const expected = 'a tool name with letters or digits, or `id`'
    content.complaints.push({
      ...{ path: ['tool'], message: 'no id can be made of the name of the tool', expected },
      suggestion: 'add `id: …` with a name of your choice',
    })
    return content
  }
  const due = file.review?.next_review ?? null
  const match: Partial<Match> = {
    kinds: ['tool', 'task'],
    fullNames: [compileGlob(file.tool)],
    servers: file.server === undefined ? null : [compileGlob(file.server)],
  }
  const constraints = normalConstraints({ ...file.constraints, ...masks(file) })
  const effect = Object.keys(constraints).length > 0 ? 'ALLOW_WITH_CONSTRAINTS' : 'ALLOW'
  const allowed = { ...match, roles: file.roles ?? null, toDay: due }
  const alerts = [...new Set(file.audit?.alert_on)].sort()
  const keepArguments = file.audit?.log_full_query === true
  const description = file.description ?? null
  content.rules.push(
    plainRule({ id, effect, match: allowed, reason: null, constraints, alerts, keepArguments, description }, home),
    ...(file.roles
      ? [plainRule({ id: `${id}/others`, effect: 'DENY', keepArguments, ...others(file.roles, match) }, home)]
      : []),
    ...(due
      ? [plainRule({ id: `${id}/review`, effect: 'DENY', keepArguments, ...overdue(due, file, match) }, home)]
      : []),
  )
  // What is made besides is as much this file's as what it says.
  content.ids.push(...content.rules.slice(1).map((rule) => ({ of: 'rule' as const, id: rule.id, path: ['tool'] })))
  return content
}

function others(roles: readonly string[], match: Partial<Match>) {
  const only = roles.length === 0 ? 'the tool is for nobody' : `the tool is only for the roles ${quoteList(roles)}`
  return { match: { ...match, rolesNotIn: roles }, reason: only.replaceAll(' or ', ' and ') }
}

function overdue(due: string, { review }: ToolFile, match: Partial<Match>) {
  const owner = review?.owner === undefined ? '' : `; its owner is ${review.owner}`
  return { match: { ...match, afterDay: due }, reason: `the review of this tool was due on ${due}${owner}` }
}

/** `dlp.mask_fields` and `constraints.mask_fields` are the same bound. */
function masks({ constraints, dlp }: ToolFile) {
  const fields = [...(constraints?.mask_fields ?? []), ...(dlp?.mask_fields ?? [])]
  return fields.length === 0 ? {} : { mask_fields: fields }
}

/** Keys that promise more, or less, than what happens anyway. */
function ineffective({ audit, dlp }: ToolFile): RuleComplaint[] {
  const found: RuleComplaint[] = []
  const warn = (path: string[], message: string, expected: string, suggestion: string) =>
    found.push({ path, message, expected, suggestion })
  if (dlp?.scan_response === false) {
    warn(['dlp', 'scan_response'], 'every answer is scanned, whatever this says', '`true`', 'write `true`')
  }
  if (audit?.log_response_hash === false) {
    warn(['audit', 'log_response_hash'], 'the hash of every answer is recorded', '`true`', 'write `true`')
  }
  return found
}
