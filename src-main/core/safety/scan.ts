import { type SafetyRule, safetyRules } from './rules.ts'

/** Something the scan saw: which rule, and where in the text (UTF-16 offsets). */
export type Finding = { rule: string; start: number; end: number }

/** `exec` with the table's own pattern: `matchAll` would make a copy of it for each text, which costs more than a short text. */
function matches({ id, pattern, lead = 0, accept }: SafetyRule, text: string): Finding[] {
  const found: Finding[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const secret = match[0].slice(lead)
    const start = match.index + lead
    if (accept?.(secret) ?? true) found.push({ rule: id, start, end: start + secret.length })
  }
  return found
}

/** Every secret and personal datum in `text`, in order, overlapping ones merged into the first. */
export function scanText(text: string): Finding[] {
  return mergeFindings(safetyRules.flatMap((rule) => matches(rule, text)))
}

/** Whether there is anything at all of the rules whose bits `rules` has; ends with the first. */
export function holdsFinding(text: string, rules: number): boolean {
  return safetyRules.some(({ pattern, lead = 0, accept }, index) => {
    if ((rules & (1 << index)) === 0) return false
    pattern.lastIndex = 0
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      if (accept?.(match[0].slice(lead)) ?? true) return true
    }
    return false
  })
}

/** Findings of one text in order, overlapping ones merged into the first. */
export function mergeFindings(found: readonly Finding[]): Finding[] {
  const kept: Finding[] = []
  for (const finding of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1)
    if (last && finding.start < last.end) last.end = Math.max(last.end, finding.end)
    else kept.push({ ...finding })
  }
  return kept
}

/** `text` with every finding replaced by what it is. */
export function maskText(text: string, findings: readonly Finding[]): string {
  let masked = ''
  let at = 0
  for (const { rule, start, end } of findings) {
    masked += `${text.slice(at, start)}[masked: ${rule}]`
    at = end
  }
  return masked + text.slice(at)
}

/** How often a rule saw something. */
export type FindingCount = { rule: string; count: number }

/** Findings counted by rule, as the audit record keeps them. */
export function countByRule(findings: readonly Finding[]): FindingCount[] {
  const counts = new Map<string, number>()
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return [...counts].map(([rule, count]) => ({ count, rule }))
}
