import { CheckCircle2 } from 'lucide-react'
import { Link } from 'wouter'
import type { PolicyProblem } from '../../../../shared/policy-view.ts'
import { places } from '../../../places.ts'
import { asSentence } from '../../../say/as-sentence.ts'
import { Section } from '../../../ui/card.tsx'
import { Hint } from '../../../ui/hint.tsx'
import { DeniedIcon } from '../../../ui/icons.tsx'
import { ErrorState, Skeleton } from '../../../ui/states.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { ChangesList } from '../changes-list.tsx'
import { ReplayLine } from './replay-line.tsx'
import type { DraftCheck } from './use-draft-check.ts'

type DraftEffectProps = { check: DraftCheck; drafted: boolean; onShow: (problem: PolicyProblem) => void }

/** What the gateway says of the files as they are written now: mistakes, what they would change, and the calls of the last days. */
export function DraftEffect({ check, drafted, onShow }: DraftEffectProps) {
  const { problems, tests, diff, replay, busy, failure } = check
  if (failure) {
    return <ErrorState compact title="The draft cannot be checked" why={failure.message} hint={failure.hint} />
  }
  return (
    <div className="flex min-w-0 flex-col gap-4" aria-busy={busy}>
      {problems.length > 0 ? (
        <Mistakes problems={problems} onShow={onShow} />
      ) : (
        <>
          <Section title={drafted ? 'What your draft changes' : 'What the folder changes'}>
            {diff ? <ChangesList {...diff} /> : <Skeleton className="h-12 w-full" />}
          </Section>
          {tests.length > 0 && <Tests count={tests.length} />}
          <Section title="Calls of the last 7 days">
            {replay ? <ReplayLine replay={replay} /> : <Skeleton className="h-12 w-full" />}
            <p>
              <Link
                href={`${places.replay}?policy=${drafted ? 'draft' : 'folder'}`}
                className="text-accent-text hover:underline"
              >
                Which calls, and further back
              </Link>
            </p>
          </Section>
        </>
      )}
    </div>
  )
}

function Tests({ count }: { count: number }) {
  return (
    <p className="flex items-center gap-2">
      <CheckCircle2 size={16} className="shrink-0 text-allowed-text" aria-hidden="true" />
      {count === 1 ? 'The test of the folder passes.' : `All ${count} tests of the folder pass.`}
    </p>
  )
}

/** Mistakes shown; one usually explains the next. */
const firstMistakes = 30

function Mistakes({ problems, onShow }: Pick<DraftEffectProps, 'onShow'> & { problems: readonly PolicyProblem[] }) {
  return (
    <section aria-label="Mistakes" className="rounded-md border border-denied-line">
      <h2 className="flex items-center gap-2 rounded-t-md bg-denied-fill px-3 py-2 text-denied-text">
        <DeniedIcon className="shrink-0" />
        <span role="status">{problems.length === 1 ? 'One mistake' : `${problems.length} mistakes`}</span>
      </h2>
      <ul className="divide-y divide-line">
        {problems.slice(0, firstMistakes).map((problem) => (
          <li key={`${problem.file}:${problem.line}:${problem.column} ${problem.message}`} className="px-3 py-2">
            <button
              type="button"
              onClick={() => onShow(problem)}
              className="font-mono text-accent-text text-code hover:underline"
            >
              <VisibleText text={`${problem.file}:${problem.line}:${problem.column}`} />
            </button>
            <p>
              <Hint text={asSentence(problem.message)} />
            </p>
            <p className="text-muted">
              Expected <Hint text={problem.expected} />. <Hint text={asSentence(problem.suggestion)} />
            </p>
          </li>
        ))}
        {problems.length > firstMistakes && <li className="px-3 py-2">and {problems.length - firstMistakes} more</li>}
      </ul>
    </section>
  )
}
