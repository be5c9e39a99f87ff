import type { PolicyFileView, PolicyView, RuleView } from '../../../shared/policy-view.ts'
import { isAt, places } from '../../places.ts'
import { findRule, type LineRange } from './rule-lines.ts'

/** What the address points at: a rule in force, the file to show, and the lines in it. `rule` without `range`: it is in no file now. */
export type Where = { rule: RuleView | null; file: PolicyFileView | null; range: LineRange | null }

/** Which rule or line of a file the address of the page stands for; by default the first file, from its beginning. */
export function wherePolicyLooks(
  location: string,
  { rules }: Pick<PolicyView, 'rules'>,
  files: readonly PolicyFileView[],
): Where {
  const rule = rules.find(({ id }) => isAt(location, places.rule(id))) ?? null
  const found = rule && findRule(rule, files)
  if (rule) return { rule, file: found?.file ?? files[0] ?? null, range: found?.range ?? null }
  const line = Number(/\/(\d+)$/.exec(location)?.[1] ?? 0)
  const file = files.find(({ path }) => isAt(location, places.policyLine(path, line)))
  if (!file) return { rule: null, file: files[0] ?? null, range: null }
  return { rule: null, file, range: line > 0 ? { from: line, to: line } : null }
}
