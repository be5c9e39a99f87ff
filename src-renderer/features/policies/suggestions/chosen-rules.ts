import { ruleLines } from '../rule-lines.ts'

/** The rule file of a suggestion with only the chosen rules in it, its beginning and comments as they are. */
export function chosenRules(text: string, rules: readonly string[], chosen: ReadonlySet<string>): string {
  const lines = text.split('\n')
  const left = new Set<number>()
  for (const id of rules) {
    const range = chosen.has(id) ? null : ruleLines(text, id)
    for (let line = range?.from ?? 1; range && line <= range.to; line += 1) left.add(line)
  }
  return lines.filter((_, at) => !left.has(at + 1)).join('\n')
}
