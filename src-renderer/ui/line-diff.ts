/** One line of a comparison, with its number on the side or sides that have it, counted from 1. */
export type DiffLine =
  | { kind: 'same'; text: string; before: number; after: number }
  | { kind: 'removed'; text: string; before: number }
  | { kind: 'added'; text: string; after: number }

/** Above this many cells the table of the longest common subsequence is not made: the middle then counts as replaced. */
const mostCells = 4_000_000

/** Line by line, what was removed and added to get from one text to the other; removed lines stand before added ones. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const a = before.split('\n')
  const b = after.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  const result: DiffLine[] = []
  const same = (at: number, to: number) =>
    result.push({ kind: 'same', text: a[at] ?? '', before: at + 1, after: to + 1 })
  for (let at = 0; at < head; at += 1) same(at, at)
  for (const step of middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) {
    if (step.kind === 'same') same(head + step.before, head + step.after)
    else if (step.kind === 'removed')
      result.push({ kind: 'removed', text: a[head + step.before] ?? '', before: head + step.before + 1 })
    else result.push({ kind: 'added', text: b[head + step.after] ?? '', after: head + step.after + 1 })
  }
  for (let left = tail; left > 0; left -= 1) same(a.length - left, b.length - left)
  return result
}

type Step = { kind: 'same' | 'removed' | 'added'; before: number; after: number }

function middle(a: readonly string[], b: readonly string[]): Step[] {
  const steps: Step[] = []
  let i = 0
  let j = 0
  if (a.length * b.length <= mostCells) {
    const width = b.length + 1
    const common = commonLengths(a, b)
    const longest = (row: number, column: number) => common[row * width + column] ?? 0
    while (i < a.length && j < b.length) {
      if (a[i] === b[j]) steps.push({ kind: 'same', before: i++, after: j++ })
      else if (longest(i + 1, j) >= longest(i, j + 1)) steps.push({ kind: 'removed', before: i++, after: j })
      else steps.push({ kind: 'added', before: i, after: j++ })
    }
  }
  while (i < a.length) steps.push({ kind: 'removed', before: i++, after: j })
  while (j < b.length) steps.push({ kind: 'added', before: i, after: j++ })
  return steps
}

/** Length of the longest common subsequence of what follows line i of `a` and line j of `b`, row by row. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const here = i * width + j
      lengths[here] =
        a[i] === b[j]
          ? (lengths[here + width + 1] ?? 0) + 1
          : Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0)
    }
  }
  return lengths
}
