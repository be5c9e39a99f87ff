import { clsx } from 'clsx'
import { ChevronDown, ChevronRight, ScanSearch } from 'lucide-react'
import type { CallRow } from '../../../shared/activity.ts'
import { printable } from '../../../shared/printable.ts'
import { lookOfCall } from '../../say/call-outcome.ts'
import { callSentence } from '../../say/call-sentence.ts'
import { durationWords } from '../../say/duration.ts'
import { plainSentence } from '../../say/request-sentence.ts'
import { findingWords } from '../../say/risk-factor.ts'
import { AskedFor, askedForText } from '../../show/asked-for.tsx'
import { Chip } from '../../ui/chip.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import type { VirtualColumn } from '../../ui/virtual-table.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { burstWords, type Line } from './bursts.ts'
import { clockWords, exactClock } from './clock-words.ts'

type Column = VirtualColumn<Line>

/** The newest call of a line stands for it. */
const callOf = (line: Line): CallRow | undefined => (line.kind === 'call' ? line.row : line.rows[0])

const time: Column = {
  head: 'Time',
  width: '104px',
  cell: (line) => <Clock line={line} />,
}
const client = (names: boolean): Column => ({
  head: 'Client',
  width: names ? '148px' : '60px',
  cell: (line) => <Client line={line} names={names} />,
})
const tool: Column = { head: 'Server › asked for', width: 'minmax(0, 4fr)', cell: (line) => <Tool line={line} /> }
const happened: Column = { head: 'What happened', width: 'minmax(0, 5fr)', cell: (line) => <Happened line={line} /> }
const found: Column = { head: 'Found', width: '64px', cell: (line) => <Found line={line} /> }
const decision: Column = { head: 'Decision', width: '156px', cell: (line) => <Decision line={line} /> }
const took: Column = { head: 'Took', width: '84px', end: true, cell: (line) => <Took line={line} /> }

const wide = [time, client(true), tool, happened, found, decision, took]
const middle = [time, client(false), tool, happened, found, decision, took]
// The same lists each time: other columns have every row drawn anew.
const wideClean = wide.filter((column) => column !== found)
const middleClean = middle.filter((column) => column !== found)
const small = [time, client(false), tool, happened, decision]
const narrow = [time, client(false), tool, decision]

/** The columns that a table of this width (CSS pixels) has room for; what is left out is in the drawer. `finds`: something was found in a call. */
export function columnsFor(width: number, finds: boolean): readonly Column[] {
  if (width >= 1_000) return finds ? wide : wideClean
  if (width >= 800) return finds ? middle : middleClean
  return width >= 640 ? small : narrow
}

function Clock({ line }: { line: Line }) {
  const row = callOf(line)
  if (!row) return null
  const within = line.kind === 'call' && line.within
  return (
    <span className={clsx('flex items-center', within && 'pl-4')}>
      {line.kind === 'burst' && <BurstMark open={line.open} />}
      <time dateTime={row.started_at} title={exactClock(row.started_at)} className="truncate text-muted">
        {clockWords(row.started_at, Date.now())}
      </time>
    </span>
  )
}

function BurstMark({ open }: { open: boolean }) {
  const Icon = open ? ChevronDown : ChevronRight
  return <Icon size={14} className="-ml-1 shrink-0 text-muted" aria-hidden="true" />
}

function Client({ line, names }: { line: Line; names: boolean }) {
  const { name, identity } = callOf(line)?.client ?? { name: '', identity: 'claimed' }
  const claimed = identity === 'claimed'
  const title = `${printable(name)}, ${claimed ? 'which only claims this name' : 'verified'}`
  return (
    <span className="flex items-center gap-2" title={title}>
      <ClientMark name={name} claimed={claimed} size={20} />
      <span className={names ? 'truncate' : 'sr-only'}>
        <VisibleText text={name} />
      </span>
    </span>
  )
}

function Tool({ line }: { line: Line }) {
  const row = callOf(line)
  if (!row) return null
  return (
    <span className="block truncate" title={askedForText({ ...row, name: row.tool })}>
      <AskedFor server={row.server} kind={row.kind} name={row.tool} />
    </span>
  )
}

function Happened({ line }: { line: Line }) {
  const row = callOf(line)
  if (!row) return null
  if (line.kind === 'burst') {
    return (
      <span className="block truncate">
        <b>{burstWords(line.rows)}</b> <span className="text-muted">one after the other</span>
      </span>
    )
  }
  const parts = callSentence(row)
  return (
    <span className="block truncate text-muted" title={printable(plainSentence(parts))}>
      <Sentence parts={parts} />
    </span>
  )
}

function Found({ line }: { line: Line }) {
  if (line.kind === 'burst' || line.row.findings.length === 0) return null
  const { findings } = line.row
  const count = findings.reduce((sum, finding) => sum + finding.count, 0)
  const words = findings.map(({ rule, count, where }) => `${findingWords(printable(rule))}: ${count} in the ${where}`)
  return (
    <span className="inline-flex items-center gap-1 text-quarantined-text" title={words.join('\n')}>
      <ScanSearch size={14} aria-hidden="true" />
      {count}
      <span className="sr-only">found: {words.join(', ')}</span>
    </span>
  )
}

function Decision({ line }: { line: Line }) {
  const row = callOf(line)
  if (!row) return null
  const { tone, word } = lookOfCall(row)
  return (
    <span className="flex" title={row.reason === null ? undefined : printable(row.reason).replaceAll('`', '')}>
      <Chip tone={tone} word={word} />
    </span>
  )
}

function Took({ line }: { line: Line }) {
  if (line.kind === 'call') {
    const { latency_ms: all } = line.row
    return <span className="whitespace-nowrap text-muted">{all === null ? '' : durationWords(all)}</span>
  }
  const mean = line.rows.reduce((sum, { latency_ms }) => sum + (latency_ms ?? 0), 0) / line.rows.length
  return (
    <span className="whitespace-nowrap text-muted" title="on average">
      ≈ {durationWords(mean)}
    </span>
  )
}
