import { Link } from 'wouter'
import type { PolicyProblem } from '../../../shared/policy-view.ts'
import { places } from '../../places.ts'
import { asSentence } from '../../say/as-sentence.ts'
import { Hint } from '../../ui/hint.tsx'
import { DeniedIcon } from '../../ui/icons.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** A policy with mistakes decides nothing; the first is named, and the way to all of them. */
export function BrokenPolicy({ problems }: { problems: readonly PolicyProblem[] }) {
  const [first] = problems
  if (!first) return null
  const { file, line, column, message } = first
  return (
    <section
      aria-label="Mistakes"
      className="flex items-start gap-3 rounded-md border border-denied-line bg-denied-fill p-3"
    >
      <DeniedIcon className="mt-0.5 shrink-0 text-denied-text" />
      <div className="min-w-0">
        <p className="font-strong text-denied-text">This policy has mistakes, so it decides nothing</p>
        <p>
          <Link href={places.editFile(file, line)} className="font-mono text-accent-text text-code hover:underline">
            <VisibleText text={`${file}:${line}:${column}`} />
          </Link>{' '}
          <Hint text={asSentence(message)} />
          {problems.length > 1 && ` And ${problems.length - 1} more.`}
        </p>
      </div>
    </section>
  )
}
