import type { Spread } from './statistics.ts'

/** Columns as wide as their widest cell, under a title; the first is text, the others are numbers. */
export function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const draw = (line: readonly string[]) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return [title, ...lines.map((line) => `  ${draw(line)}`.trimEnd())].join('\n')
}

/** A figure with the least and the most of its repeats. */
export function spread({ median, min, max }: Spread, digits = 3): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

/** The median of a difference, with its sign. */
export function signed({ median }: Spread, digits: number): string {
  return `${median < 0 ? '−' : '+'}${Math.abs(median).toFixed(digits)}`
}
