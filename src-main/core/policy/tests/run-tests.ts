import type { Decision } from '../../../../shared/decision.ts'
import type { PolicyTestReport, PolicyTestResult } from '../../../../shared/policy-tools.ts'
import type { PolicyProblem } from '../../../../shared/policy-view.ts'
import { boundNames } from '../bounds.ts'
import { normalConstraints } from '../combine-constraints.ts'
import { describeConstraints } from '../describe.ts'
import { decide, type Facts } from '../precedence.ts'
import { quote } from '../quote.ts'
import type { PolicyFile } from '../rule.ts'
import { indexRules } from '../rule-index.ts'
import { envelopeOf } from '../sketch.ts'
import type { Snapshot } from '../snapshot.ts'
import { type PlacedTest, readTests } from './read-tests.ts'
import { type Expectation, isTestFile } from './test-file.ts'

/** More tests than this, in all files together, are a problem: they run at each load. */
const mostTests = 2000

/** A call of a reviewed tool of an approved server, where every bound can be held. */
const facts: Facts = {
  ...{ stopped: false, registered: true, tool: 'reviewed', observe: false },
  // Long ago, so that no review is overdue: what a policy says must not change by itself.
  ...{ unbound: 'local.default', today: '0001-01-01' },
  ...{ missingScopes: [], foreignTenants: [] },
  enforceable: new Set(boundNames),
}

/**
 * Runs the tests among the files of a policy. Those of the organisation look at its rules alone: what is local may be
 * stricter, and must not keep its policy out.
 */
export function runTests(snapshot: Snapshot): PolicyTestReport {
  const read = snapshot.files.filter(({ path }) => isTestFile(path)).map(readTests)
  const tests = read.flatMap((file) => file.tests)
  const problems = read.flatMap((file) => file.problems)
  const over = tests[mostTests]
  if (over) problems.push(tooMany(over))
  const theirs = only('org', snapshot)
  const results = tests.slice(0, mostTests).map((test) => run(test, test.origin === 'org' ? theirs : snapshot))
  const failed = results.flatMap(problemOf)
  return { ok: problems.length === 0 && failed.length === 0, tests: results, problems: [...problems, ...failed] }
}

function only(origin: PolicyFile['origin'], snapshot: Snapshot): Snapshot {
  const rules = snapshot.rules.filter((rule) => rule.origin === origin)
  const bindings = snapshot.access.bindings.filter((binding) => binding.origin === origin)
  return { ...snapshot, rules, index: indexRules(rules), access: { ...snapshot.access, bindings } }
}

function run({ name, file, line, column, envelope, expect }: PlacedTest, snapshot: Snapshot): PolicyTestResult {
  const decision = decide(envelopeOf(envelope), snapshot, facts)
  const ok = meets(decision, expect)
  const words = ok ? { expected: null, got: null } : { expected: expectedWords(expect), got: decidedWords(decision) }
  return { name, file, line, column, ok, ...words }
}

function meets(decision: Decision, expect: Expectation): boolean {
  const { effect, level, code, rules, constraints } = expect
  return (
    decision.effect === effect &&
    (level === undefined || decision.approval_level === level) &&
    (code === undefined || decision.code === code) &&
    (rules === undefined ||
      sameWords(
        rules,
        decision.rules.map(({ id }) => id),
      )) &&
    (constraints === undefined || wordsOf(constraints) === wordsOf(decision.constraints))
  )
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  const sorted = (words: readonly string[]) => JSON.stringify([...new Set(words)].sort())
  return sorted(a) === sorted(b)
}

function wordsOf(constraints: Decision['constraints']): string {
  return describeConstraints(normalConstraints(constraints))
}

function expectedWords({ effect, level, code, rules, constraints }: Expectation): string {
  const parts = [level === undefined ? effect : `${effect} at level ${level}`]
  if (code !== undefined) parts.push(`with the code ${quote(code)}`)
  if (rules !== undefined) parts.push(rules.length > 0 ? `by ${rules.map(quote).join(', ')}` : 'by no rule')
  if (constraints !== undefined) parts.push(`under ${wordsOf(constraints) || 'no constraints'}`)
  return parts.join(' ')
}

function decidedWords({ effect, approval_level, code, rules, constraints }: Decision): string {
  const parts = [approval_level === null ? effect : `${effect} at level ${approval_level}`]
  if (code !== null) parts.push(`with the code ${quote(code)}`)
  parts.push(rules.length > 0 ? `by ${rules.map(({ id }) => quote(id)).join(', ')}` : 'by no rule')
  const bounds = describeConstraints(constraints)
  if (bounds) parts.push(`under ${bounds}`)
  return parts.join(' ')
}

function problemOf({ name, file, line, column, ok, expected, got }: PolicyTestResult): PolicyProblem[] {
  if (ok) return []
  return [
    {
      ...{ file, line, column, message: `the test ${quote(name)} fails: the policy decides ${got}` },
      ...{ expected: expected ?? '', suggestion: 'change the rule that decides, or what the test expects' },
    },
  ]
}

function tooMany({ file, line, column }: PlacedTest): PolicyProblem {
  return {
    ...{ file, line, column, message: 'there are more tests than can run at each load' },
    ...{ expected: `at most ${mostTests} tests in all files`, suggestion: 'put tests that say the same together' },
  }
}
