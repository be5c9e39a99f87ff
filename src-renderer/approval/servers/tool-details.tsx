import type { ToolDefinitionView, ToolFinding, ToolReview } from '../../../shared/server.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { Quote } from '../../ui/quote.tsx'
import { TextDiff } from '../../ui/text-diff.tsx'
import { Checkbox } from '../../ui/toggle.tsx'
import { JudgementOfTool } from './judgement-of-tool.tsx'
import type { ToolChoice } from './tool-choices.ts'

type ToolDetailsProps = {
  server: string
  finding: ToolFinding
  review: ToolReview
  definition: ToolDefinitionView | null
  disabled: boolean
  onChoice: (choice: ToolChoice) => void
}

/** All that is known of a tool: the server's own words as a quotation, how it was pinned, and what it says now. */
export function ToolDetails({ server, finding, review, definition, disabled, onChoice }: ToolDetailsProps) {
  const { title, description } = finding
  return (
    <div className="flex flex-col gap-2 py-1">
      <Quote from={server} text={title === '' ? description : `${title}\n${description}`} />
      <Checkbox
        label={
          <>
            Safe to repeat
            <span className="block text-muted">
              After a failure it may be called again by itself. Only for what changes nothing the second time.
            </span>
          </>
        }
        checked={review.repeatable}
        disabled={disabled}
        onChange={(event) => onChoice({ repeatable: event.target.checked })}
      />
      <JudgementOfTool review={review} disabled={disabled} onChoice={onChoice} />
      {definition?.held ? (
        <TextDiff
          before={definition.pinned}
          after={definition.held.live}
          names={['As it was approved', 'As it is now']}
          look="inline"
        />
      ) : (
        definition && (
          <div className="flex flex-col gap-1">
            <p className="text-muted">Its definition, as it was approved</p>
            <JsonView label={`definition of ${finding.tool.name}`} text={definition.pinned} />
          </div>
        )
      )}
    </div>
  )
}
