import type { PolicyDiff } from '../../../shared/policy-tools.ts'
import { compareSnapshots } from '../policy/compare.ts'
import { describeRule } from '../policy/describe.ts'
import type { PolicyFile } from '../policy/rule.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import { textDiff } from './text-diff.ts'

/** What one policy changes over another: in words, rule by rule, and line by line. */
export function diffSnapshots(from: Snapshot | null, to: Snapshot): Omit<PolicyDiff, 'problems'> {
  const before = new Map(from?.rules.map((rule) => [rule.id, rule]))
  const after = new Map(to.rules.map((rule) => [rule.id, rule]))
  const changed = to.rules.flatMap((rule) => {
    const earlier = before.get(rule.id)
    if (!earlier) return []
    const [was, is] = [describeRule(earlier), describeRule(rule)]
    return wording(was) === wording(is) ? [] : [{ before: was, after: is }]
  })
  return {
    ...{ from: from?.hash ?? null, to: to.hash, ...compareSnapshots(from, to), changed },
    added: to.rules.filter(({ id }) => !before.has(id)).map(describeRule),
    removed: (from?.rules ?? []).filter(({ id }) => !after.has(id)).map(describeRule),
    files: diffFiles(from?.files ?? [], to.files),
  }
}

/** What is the same when only the place of a rule changed. */
function wording({ effect, origin, summary }: ReturnType<typeof describeRule>): string {
  return JSON.stringify([effect, origin, summary])
}

/** What changed in files, one after the other. */
function diffFiles(from: readonly PolicyFile[], to: readonly PolicyFile[]): PolicyDiff['files'] {
  const key = ({ origin, path }: PolicyFile) => `${origin} ${path}`
  const before = new Map(from.map((file) => [key(file), file]))
  const after = new Map(to.map((file) => [key(file), file]))
  const all = [...new Map([...before, ...after]).entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  return all.flatMap(([name, { path, origin }]) => {
    const [was, is] = [before.get(name), after.get(name)]
    if (was?.text === is?.text) return []
    const change = !was ? 'added' : !is ? 'removed' : 'changed'
    return [{ path, origin, change, diff: textDiff(was?.text ?? '', is?.text ?? '') }]
  })
}
