import { clsx } from 'clsx'
import { useState } from 'react'
import { Button } from './button.tsx'
import { VisibleText } from './visible-text.tsx'

/** Lines drawn before a person asks for all. */
const firstLines = 400

const looks = {
  '+': { look: 'bg-allowed-fill text-allowed-text', spoken: 'added: ', mark: '+' },
  '-': { look: 'bg-denied-fill text-denied-text', spoken: 'removed: ', mark: '−' },
  ' ': { look: '', spoken: null, mark: ' ' },
} as const

/** A comparison that comes as unified diff: what was removed and added, and the lines around. */
export function UnifiedDiff({ label, diff }: { label: string; diff: string }) {
  const [all, setAll] = useState(false)
  const lines = diff.replace(/\n$/, '').split('\n').filter(isOfText)
  const shown = all ? lines : lines.slice(0, firstLines)
  return (
    <figure aria-label={label} className="overflow-hidden rounded-md border border-line bg-sunken">
      <figcaption className="border-line border-b px-3 py-1 text-muted text-small">{label}</figcaption>
      <pre className="whitespace-pre-wrap py-1">
        {shown.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their order
          <Line key={at} line={line} />
        ))}
      </pre>
      {shown.length < lines.length && (
        <div className="border-line border-t p-2">
          <Button size="small" onClick={() => setAll(true)}>
            Show all {lines.length.toLocaleString('en')} lines
          </Button>
        </div>
      )}
    </figure>
  )
}

/** The names of the two files stand in the label already. */
function isOfText(line: string, at: number): boolean {
  return at > 1 || !/^(---|\+\+\+) /.test(line)
}

function Line({ line }: { line: string }) {
  const hunk = /^@@ -(\d+)/.exec(line)
  if (hunk) {
    const where = hunk[1] === '0' ? 'a new file' : `from line ${hunk[1]}`
    return <div className="border-line border-y px-3 text-faint first:border-t-0">{where}</div>
  }
  const sign = line.charAt(0)
  const { look, spoken, mark } = sign === '+' || sign === '-' ? looks[sign] : looks[' ']
  return (
    <div className={clsx('grid grid-cols-[16px_1fr] px-3', look)}>
      <span className="select-none" aria-hidden="true">
        {mark}
      </span>
      <code className="min-h-5">
        {spoken && <span className="sr-only">{spoken}</span>}
        <VisibleText text={line.slice(1)} />
      </code>
    </div>
  )
}
