import type { PolicyFileView, RuleView } from '../../../shared/policy-view.ts'

/** Lines of a file, the first and the last, counted from 1. */
export type LineRange = { from: number; to: number }

/**
 * Where a rule in force stands in the files as they are now: at the line where it was read, or where its id has moved to.
 * Null when it is in no file any more.
 */
export function findRule(
  rule: RuleView,
  files: readonly PolicyFileView[],
): { file: PolicyFileView; range: LineRange } | null {
  const file = files.find(({ path }) => path === rule.file)
  if (!file) return null
  const lines = file.text.split(/\r?\n/)
  const start = namesRule(lines, rule.line, rule.id) ? rule.line : lineOfId(lines, rule.id)
  return start === null ? null : { file, range: { from: start, to: endOfItem(lines, start) } }
}

/** The lines of the rule with this id in the text of a file; null when no rule has it. */
export function ruleLines(text: string, id: string): LineRange | null {
  const lines = text.split(/\r?\n/)
  const start = lineOfId(lines, id)
  return start === null ? null : { from: start, to: endOfItem(lines, start) }
}

/** A rule begins with its item, and its id is in that item. */
function namesRule(lines: readonly string[], line: number, id: string): boolean {
  const end = endOfItem(lines, line)
  return lines.slice(line - 1, end).some((text) => idIn(text) === id)
}

function lineOfId(lines: readonly string[], id: string): number | null {
  const at = lines.findIndex((text) => idIn(text) === id)
  if (at < 0) return null
  // The id may come after other keys of its item: go back to the dash that begins it.
  const indent = indentOf(lines[at] ?? '')
  for (let line = at; line >= 0; line -= 1) {
    const text = lines[line] ?? ''
    if (/^\s*-\s/.test(text) && indentOf(text) <= indent) return line + 1
  }
  return at + 1
}

function idIn(text: string): string | null {
  return (
    /(?:^|[\s{,-])id\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s,#}]+))/
      .exec(text)
      ?.slice(1)
      .find((it) => it !== undefined) ?? null
  )
}

/** The last line of the list item that begins here: up to the next line that is indented no further, blanks left out. */
function endOfItem(lines: readonly string[], start: number): number {
  const indent = indentOf(lines[start - 1] ?? '')
  let end = start
  for (let line = start + 1; line <= lines.length; line += 1) {
    const text = lines[line - 1] ?? ''
    if (text.trim() === '') continue
    if (indentOf(text) <= indent) break
    end = line
  }
  return end
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length
}
