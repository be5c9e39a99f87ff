import { useEffect, useRef, useState } from 'react'
import type { ApprovalProof } from '../../../shared/proof.ts'
import { type CallFailure, call } from '../../call.ts'
import { durationWords } from '../../say/duration.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

type State = { proof: ApprovalProof } | { failure: CallFailure } | 'asking' | null

/** What an answer proves, once somebody asks: reading it is on record. */
export function ShownSection({ approval }: { approval: string }) {
  const [state, setState] = useState<State>(null)
  const verify = () => {
    setState('asking')
    call('approvals.proof', { approval_id: approval }).then(
      (proof) => setState({ proof }),
      (failure: CallFailure) => setState({ failure }),
    )
  }
  if (state !== null && state !== 'asking' && 'proof' in state) return <Proof proof={state.proof} />
  return (
    <div className="flex flex-col gap-2">
      {state !== null && state !== 'asking' && (
        <ErrorState compact title="The answer cannot be read" why={state.failure.message} hint={state.failure.hint} />
      )}
      <div>
        <Button size="small" onClick={verify} disabled={state === 'asking'}>
          Verify the answer and see it as it was shown
        </Button>
      </div>
    </div>
  )
}

function Proof({ proof }: { proof: ApprovalProof }) {
  const { statement, verified } = proof
  const first = useRef<HTMLDivElement>(null)
  useEffect(() => first.current?.focus(), [])
  return (
    <div className="flex flex-col gap-3">
      {/* It takes the place of the button that was pressed, and the focus with it. */}
      <div role="status" tabIndex={-1} ref={first}>
        {verified ? (
          <Chip tone="allowed" word="Signature holds" />
        ) : (
          <Chip tone="denied" word={statement === null ? 'Not signed' : 'Signature does not hold'} />
        )}
      </div>
      {statement !== null && (
        <Facts
          facts={[
            [
              'Answered',
              <span key="answered">
                {statement.answer} by <VisibleText text={statement.by} />, <Time at={statement.at} />
              </span>,
            ],
            ['From', doorWords[statement.door] ?? statement.door],
            ['After', durationWords(statement.held_ms)],
            ['Level', `${statement.level}, risk ${statement.risk} of 100`],
            ['Policy', <CopyText key="policy" text={statement.snapshot ?? 'none'} />],
            ['Definition', <CopyText key="definition" text={statement.fingerprint} />],
          ]}
        />
      )}
      {proof.preview === null ? (
        <p className="text-muted">What was shown {contentWords[proof.content]}.</p>
      ) : (
        <figure className="flex flex-col gap-1">
          <figcaption className="text-muted">As it was shown; what looks secret is masked here.</figcaption>
          <div
            className="overflow-x-auto whitespace-pre rounded-md border border-line p-2 font-mono text-small"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by keyboard.
            tabIndex={0}
            role="group"
            aria-label="Request as it was shown"
          >
            {linesOf(proof.preview).map(({ key, line }) => (
              <div key={key}>
                <VisibleText text={line} />
              </div>
            ))}
          </div>
        </figure>
      )}
    </div>
  )
}

const doorWords: Partial<Record<string, string>> = { approval: 'the approval page', terminal: 'a terminal' }

const contentWords: Record<ApprovalProof['content'], string> = {
  absent: 'was not kept',
  kept: 'is kept',
  shredded: 'was destroyed after the time that it is kept; its hash is still on record',
  damaged: 'is damaged: it does not fit what was signed',
}

function linesOf(text: string): { key: string; line: string }[] {
  return text.split('\n').map((line, at) => ({ key: String(at), line }))
}
