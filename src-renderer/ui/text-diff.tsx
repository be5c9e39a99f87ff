import { clsx } from 'clsx'
import { Fragment, type ReactNode, useMemo, useState } from 'react'
import { Button } from './button.tsx'
import { type DiffLine, lineDiff } from './line-diff.ts'
import { VisibleText } from './visible-text.tsx'

/** Unchanged lines kept around a change, and fewest that are folded away. */
const context = 3
const fewestFolded = 4

type Run = { kind: 'lines'; lines: DiffLine[] } | { kind: 'folded'; lines: DiffLine[] }
type TextDiffProps = {
  before: string
  after: string
  names: readonly [before: string, after: string]
  look: 'split' | 'inline'
}

/** Two texts compared line by line, beside or below each other; long unchanged parts open in place. */
export function TextDiff({ before, after, names, look }: TextDiffProps) {
  const runs = useMemo(() => fold(lineDiff(before, after)), [before, after])
  const split = look === 'split'
  return (
    <figure
      className="overflow-hidden rounded-md border border-line bg-sunken"
      aria-label={`${names[0]} and ${names[1]}`}
    >
      <div className={clsx('grid border-line border-b text-muted text-small', split && 'grid-cols-2')}>
        <span className="px-3 py-1">{split ? names[0] : `− ${names[0]}   + ${names[1]}`}</span>
        {split && <span className="border-line border-l px-3 py-1">{names[1]}</span>}
      </div>
      <pre className="whitespace-pre-wrap">
        {runs.map((run, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: runs have no identity but their order
          <Fragment key={at}>
            {run.kind === 'folded' ? (
              <Folded lines={run.lines} split={split} />
            ) : (
              <Lines lines={run.lines} split={split} />
            )}
          </Fragment>
        ))}
      </pre>
    </figure>
  )
}

function Folded({ lines, split }: { lines: DiffLine[]; split: boolean }) {
  const [open, setOpen] = useState(false)
  if (open) return <Lines lines={lines} split={split} />
  return (
    <div className="border-line border-y px-2 py-0.5">
      <Button look="ghost" size="small" onClick={() => setOpen(true)}>
        {lines.length} unchanged lines
      </Button>
    </div>
  )
}

function Lines({ lines, split }: { lines: DiffLine[]; split: boolean }) {
  if (!split) return lines.map((line) => <Side key={keyOf(line)} line={line} />)
  return pairs(lines).map(([left, right]) => (
    <div key={`${keyOf(left)} ${keyOf(right)}`} className="grid grid-cols-2">
      <Side line={left} number="before" />
      <div className="border-line border-l">
        <Side line={right} number="after" />
      </div>
    </div>
  ))
}

const marks = { same: ' ', removed: '−', added: '+' } as const
const spoken = { same: null, removed: 'removed: ', added: 'added: ' } as const

/** One line of one side. An empty side is hatched, so that it is not taken for an empty line. */
function Side({ line, number }: { line: DiffLine | null; number?: 'before' | 'after' }): ReactNode {
  if (line === null) return <div className="hatched h-full min-h-5" />
  const numbered = number === 'after' && 'after' in line ? line.after : 'before' in line ? line.before : line.after
  return (
    <div
      className={clsx(
        'grid h-full grid-cols-[40px_16px_1fr] pr-2',
        line.kind === 'removed' && 'bg-denied-fill text-denied-text',
        line.kind === 'added' && 'bg-allowed-fill text-allowed-text',
      )}
    >
      <span className="select-none pr-2 text-right opacity-80">{numbered}</span>
      <span className="select-none" aria-hidden="true">
        {marks[line.kind]}
      </span>
      <code className="min-h-5">
        {spoken[line.kind] && <span className="sr-only">{spoken[line.kind]}</span>}
        <VisibleText text={line.text} />
      </code>
    </div>
  )
}

function keyOf(line: DiffLine | null): string {
  if (line === null) return ''
  return `${'before' in line ? line.before : ''}:${'after' in line ? line.after : ''}`
}

/** Beside each other: removed lines next to the added ones that stand for them. */
function pairs(lines: readonly DiffLine[]): [DiffLine | null, DiffLine | null][] {
  const rows: [DiffLine | null, DiffLine | null][] = []
  let open = 0
  for (const line of lines) {
    if (line.kind === 'same') {
      rows.push([line, line])
      open = rows.length
    } else if (line.kind === 'removed') rows.push([line, null])
    else {
      const row = rows.slice(open).find(([left, right]) => left && !right)
      if (row) row[1] = line
      else rows.push([null, line])
    }
  }
  return rows
}

function fold(lines: readonly DiffLine[]): Run[] {
  const changed = lines.flatMap((line, at) => (line.kind === 'same' ? [] : [at]))
  const kept = new Set(changed.flatMap((at) => Array.from({ length: context * 2 + 1 }, (_, by) => at - context + by)))
  const runs: Run[] = []
  for (const [at, line] of lines.entries()) {
    const kind = kept.has(at) ? 'lines' : 'folded'
    const last = runs.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else runs.push({ kind, lines: [line] })
  }
  return runs.map((run) => (run.kind === 'folded' && run.lines.length < fewestFolded ? { ...run, kind: 'lines' } : run))
}
