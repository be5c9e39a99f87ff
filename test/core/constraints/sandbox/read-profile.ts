/** A rule of a Seatbelt profile: of each filter the first word and the rest, as written. */
type Rule = { allows: boolean; operations: string[]; filters: [kind: string, value: string][] }

/** What is done, to which path or target. */
export type Deed = { operation: string; path?: string; target?: 'same-sandbox' | 'others' }

/** Whether a profile lets something be done, by the rule that it is written for: the last line that fits counts. */
export function lets(profile: string, deed: Deed): boolean {
  const { operation } = deed
  const fits = ({ operations, filters }: Rule) =>
    operations.some((each) => each === 'default' || each === operation || isGroup(each, operation)) &&
    (filters.length === 0 || filters.some(([kind, value]) => passes(kind, value, deed)))
  return rulesOf(profile).findLast(fits)?.allows ?? false
}

/** Whether `file-write*` names `file-write-unlink`. */
const isGroup = (name: string, operation: string) => name.endsWith('*') && operation.startsWith(name.slice(0, -1))

function passes(kind: string, value: string, { path, target }: Deed): boolean {
  const named = value.startsWith('"') ? (JSON.parse(value) as string) : value
  switch (kind) {
    case 'literal':
      return path === named
    case 'subpath':
      return path === named || (path?.startsWith(`${named}/`) ?? false)
    case 'target':
      return target === named
    case 'global-name':
    case 'remote':
    case 'local':
    case 'sysctl-name-prefix':
      return false
    default:
      throw new Error(`no filter \`${kind}\` is known here`)
  }
}

function rulesOf(profile: string): Rule[] {
  const [version, ...lines] = profile.trim().split('\n')
  if (version !== '(version 1)') throw new Error(`a profile begins with its version, not with ${version}`)
  return lines.map((line) => {
    const [, decision, rest = ''] = /^\((allow|deny) (.*)\)$/.exec(line) ?? []
    if (decision === undefined) throw new Error(`not a rule: ${line}`)
    const operations = /^[a-z*-]+(?: [a-z*-]+)*/.exec(rest)?.[0] ?? ''
    const filters = [...rest.slice(operations.length).matchAll(/ \((\S+) ((?:"(?:[^"\\]|\\.)*"|[^()"])+)\)/g)]
    if (operations.length + filters.join('').length === 0) throw new Error(`a rule without operations: ${line}`)
    const read = operations.length + filters.reduce((sum, [whole]) => sum + whole.length, 0)
    if (read !== rest.length) throw new Error(`not understood: ${line}`)
    return {
      allows: decision === 'allow',
      operations: operations.split(' '),
      filters: filters.map(([, kind = '', value = '']): [string, string] => [kind, value]),
    }
  })
}
