import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { ServerReview, ServerView } from '../../../shared/server.ts'
import { Button } from '../../ui/button.tsx'
import { Quote } from '../../ui/quote.tsx'
import { useCall } from '../../use-call.ts'
import { FailureNote } from '../failure-note.tsx'
import { useDeed } from '../use-deed.ts'
import { DenyChanges } from './deny-changes.tsx'
import { PinnedFiles } from './pinned-files.tsx'
import { chosenReviews, isLooser, type ToolChoices, withChoice } from './tool-choices.ts'
import { ToolRow } from './tool-row.tsx'
import { Warnings } from './warnings.tsx'

type ReviewFormProps = { review: ServerReview; onApproved: (server: ServerView) => void; onAgain: () => void }

/** Everything a server offers, and what a person decides about each of it. */
export function ReviewForm({ review, onApproved, onAgain }: ReviewFormProps) {
  const { name } = review.server
  const { run, busy, failure } = useDeed('servers.approve')
  const { value: definitions = [] } = useCall('servers.definitions', { name }, ['servers'])
  const [choices, setChoices] = useState<ToolChoices>({})
  const tools = chosenReviews(review.tools, choices)
  const looser = review.tools.filter((finding) => isLooser(finding, choices)).length
  const approve = () => {
    void run({ name, review_hash: review.review_hash, tools }).then((server) => server && onApproved(server))
  }
  return (
    <div className="flex flex-col gap-4">
      <PinnedFiles review={review} />
      {review.instructions !== '' && (
        <section aria-label="Instructions" className="flex flex-col gap-2">
          <h3>What it tells every model that uses it</h3>
          <Quote from={name} text={review.instructions} />
          <Warnings warnings={review.instruction_changes} />
          <Warnings warnings={review.instruction_warnings} />
        </section>
      )}
      <section aria-label="Tools" className="flex flex-col gap-2">
        <div className="flex items-baseline justify-between gap-3">
          <h3>{review.tools.length === 1 ? 'One tool' : `${review.tools.length} tools`}</h3>
          <span className="text-muted">What each may do decides how its calls are treated.</span>
        </div>
        <ul className="divide-y divide-line rounded-md border border-line">
          {review.tools.map((finding) => (
            <ToolRow
              key={finding.tool.name}
              server={name}
              finding={finding}
              choices={choices}
              definition={definitions.find((it) => it.name === finding.tool.name) ?? null}
              onChoice={(choice) => setChoices((before) => withChoice(before, finding.tool.name, choice))}
            />
          ))}
        </ul>
        {review.tools.length === 0 && <p className="text-muted">It offers no tools.</p>}
      </section>
      <DenyChanges review={review} />
      <FailureNote
        title="Nothing was approved"
        failure={failure}
        action={<Button onClick={onAgain}>Run it again</Button>}
      />
      <div className="sticky bottom-0 -mx-4 flex items-center gap-3 border-line border-t bg-surface px-4 py-3">
        <Button
          look="primary"
          size="large"
          loading={busy}
          icon={<ShieldCheck size={14} aria-hidden="true" />}
          onClick={approve}
        >
          Approve {tools.length === 1 ? '1 tool' : `${tools.length} tools`}
        </Button>
        <span className="text-muted">
          {looser > 0 ? (
            <span className="text-asked-text">{looser} less strict than proposed.</span>
          ) : (
            'Pinned exactly as shown.'
          )}
        </span>
      </div>
    </div>
  )
}
