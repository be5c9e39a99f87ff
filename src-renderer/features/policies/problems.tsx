import { useState } from 'react'
import { Link } from 'wouter'
import type { PolicyProblem } from '../../../shared/policy-view.ts'
import { places } from '../../places.ts'
import { asSentence } from '../../say/as-sentence.ts'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/hint.tsx'
import { DeniedIcon } from '../../ui/icons.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** Mistakes shown before a person asks for all. */
const firstProblems = 5

/** What is wrong with the files, each mistake with its place and what to write instead. */
export function Problems({ problems, inForce }: { problems: readonly PolicyProblem[]; inForce: boolean }) {
  const [all, setAll] = useState(false)
  const shown = all ? problems : problems.slice(0, firstProblems)
  const count = problems.length
  return (
    <section aria-label="Mistakes in the files" className="rounded-md border border-denied-line">
      <div className="flex items-center gap-3 rounded-t-md bg-denied-fill px-3 py-2">
        <DeniedIcon className="shrink-0 text-denied-text" />
        <p>
          <b className="text-denied-text">{count === 1 ? 'One mistake' : `${count} mistakes`} in the files.</b>{' '}
          {inForce ? 'Nothing of them takes effect; the last good policy below decides.' : 'No policy is in force.'}
        </p>
      </div>
      <ul className="divide-y divide-line">
        {shown.map((problem) => (
          <Problem key={`${problem.file}:${problem.line}:${problem.column} ${problem.message}`} problem={problem} />
        ))}
      </ul>
      {shown.length < count && (
        <div className="border-line border-t p-2">
          <Button size="small" onClick={() => setAll(true)}>
            Show all {count} mistakes
          </Button>
        </div>
      )}
    </section>
  )
}

function Problem({ problem: { file, line, column, message, expected, suggestion } }: { problem: PolicyProblem }) {
  return (
    <li className="grid grid-cols-1 gap-x-4 px-3 py-2 @3xl:grid-cols-[220px_minmax(0,1fr)]">
      <Link href={places.editFile(file, line)} className="font-mono text-accent-text text-code hover:underline">
        <VisibleText text={`${file}:${line}:${column}`} />
      </Link>
      <div>
        <p>
          <Hint text={message} />
        </p>
        <p className="text-muted">
          Expected <Hint text={expected} />. <Hint text={asSentence(suggestion)} />
        </p>
      </div>
    </li>
  )
}
