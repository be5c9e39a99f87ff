/** Lines shown around a change. */
const around = 3

/** Edits looked for at most: texts that differ in more are shown as one replaced by the other. */
const mostEdits = 400

type Edit = { sign: ' ' | '-' | '+'; text: string }

/** What turns one text into another, as a unified diff without its two lines of names; empty when nothing does. */
export function textDiff(before: string, after: string): string {
  const [a, b] = [linesOf(before), linesOf(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const same = (lines: readonly string[]): Edit[] => lines.map((text) => ({ sign: ' ', text }))
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (left.length === 0 && right.length === 0) return ''
  const edits = [...same(a.slice(0, start)), ...editsBetween(left, right), ...same(a.slice(a.length - end))]
  return hunks(edits).join('\n')
}

/** A text that does not end its last line differs from one that does, and is shown so. */
function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  else lines.push(`${lines.pop()}\n\\ No newline at end of file`)
  return lines
}

/** Myers' shortest edit script: `reached[k]` is how far along the first text one gets on diagonal k with so many edits. */
function editsBetween(a: readonly string[], b: readonly string[]): Edit[] {
  const most = Math.min(a.length + b.length, mostEdits)
  const trace: Map<number, number>[] = []
  let reached = new Map([[1, 0]])
  for (let edits = 0; edits <= most; edits++) {
    trace.push(new Map(reached))
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(reached, k - 1) < at(reached, k + 1))
      let x = down ? at(reached, k + 1) : at(reached, k - 1) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      reached = reached.set(k, x)
      if (x >= a.length && x - k >= b.length) return backwards(trace, a, b)
    }
  }
  const all = (lines: readonly string[], sign: Edit['sign']) => lines.map((text) => ({ sign, text }))
  return [...all(a, '-'), ...all(b, '+')]
}

function at(reached: Map<number, number>, k: number): number {
  return reached.get(k) ?? -1
}

function backwards(trace: readonly Map<number, number>[], a: readonly string[], b: readonly string[]): Edit[] {
  const edits: Edit[] = []
  let [x, y] = [a.length, b.length]
  for (let edit = trace.length - 1; edit >= 0; edit--) {
    const reached = trace[edit] as Map<number, number>
    const k = x - y
    const down = k === -edit || (k !== edit && at(reached, k - 1) < at(reached, k + 1))
    const from = down ? k + 1 : k - 1
    const [fromX, fromY] = edit === 0 ? [0, 0] : [at(reached, from), at(reached, from) - from]
    while (x > fromX && y > fromY && x > 0 && y > 0 && a[x - 1] === b[y - 1]) {
      edits.push({ sign: ' ', text: a[x - 1] ?? '' })
      x--
      y--
    }
    if (edit === 0) break
    edits.push(down ? { sign: '+', text: b[y - 1] ?? '' } : { sign: '-', text: a[x - 1] ?? '' })
    x = fromX
    y = fromY
  }
  return edits.reverse()
}

function hunks(edits: readonly Edit[]): string[] {
  const lines: string[] = []
  let [oldLine, newLine] = [1, 1]
  let lastShown = -1
  edits.forEach(({ sign }, index) => {
    if (sign !== ' ' && index > lastShown) {
      const from = Math.max(index - around, lastShown + 1)
      let to = index
      for (let next = index; next < edits.length && next - to <= around * 2; next++) {
        if (edits[next]?.sign !== ' ') to = next
      }
      to = Math.min(to + around, edits.length - 1)
      const shown = edits.slice(from, to + 1)
      const back = index - from
      const count = (without: Edit['sign']) => shown.filter((edit) => edit.sign !== without).length
      lines.push(`@@ -${place(oldLine - back, count('+'))} +${place(newLine - back, count('-'))} @@`)
      lines.push(...shown.map((edit) => `${edit.sign}${edit.text}`))
      lastShown = to
    }
    if (sign !== '+') oldLine++
    if (sign !== '-') newLine++
  })
  return lines
}

function place(line: number, count: number): string {
  return `${count === 0 ? line - 1 : line},${count}`
}
