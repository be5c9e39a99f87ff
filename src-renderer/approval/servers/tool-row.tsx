import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { type Action, actions } from '../../../shared/envelope.ts'
import type { ToolDefinitionView, ToolFinding } from '../../../shared/server.ts'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Select } from '../../ui/field.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { chosenReview, isIncluded, isLooser, type ToolChoice, type ToolChoices } from './tool-choices.ts'
import { ToolDetails } from './tool-details.tsx'
import { Warnings } from './warnings.tsx'

type ToolRowProps = {
  server: string
  finding: ToolFinding
  choices: ToolChoices
  definition: ToolDefinitionView | null
  onChoice: (choice: ToolChoice) => void
}

const actionWords: Record<Action, string> = { read: 'Reads', write: 'Writes', destructive: 'Destructive' }

/** One tool of a review: whether it is approved, as what, and what stands against it. */
export function ToolRow({ server, finding, choices, definition, onChoice }: ToolRowProps) {
  const { tool, status, title, description, changes, warnings } = finding
  const [open, setOpen] = useState(status === 'changed')
  const included = isIncluded(finding, choices)
  const review = chosenReview(finding, choices)
  const removed = status === 'removed'
  return (
    <li className={clsx('flex flex-col gap-1 px-3 py-2', !included && 'bg-sunken')}>
      <div className="flex items-start gap-2">
        <input
          type="checkbox"
          aria-label={`Approve ${tool.name}`}
          checked={included}
          disabled={removed}
          onChange={(event) => onChoice({ included: event.target.checked })}
          className="mt-1.5 size-3.5 shrink-0 accent-accent"
        />
        <div className="min-w-0 flex-1 pt-0.5">
          <span className={clsx('flex flex-wrap items-center gap-1.5', !included && 'text-muted')}>
            <code className={clsx(removed && 'line-through')}>
              <VisibleText text={tool.name} />
            </code>
            <Status status={status} />
          </span>
          {!open && description !== '' && (
            <p className="line-clamp-1 text-muted" title={`In the words of ${server}`}>
              “<VisibleText text={firstLine(title, description)} />”
            </p>
          )}
        </div>
        <Select
          aria-label={`What ${tool.name} may do`}
          className={clsx('w-28! shrink-0', isLooser(finding, choices) && 'border-asked-text! text-asked-text!')}
          value={review.action}
          disabled={!included}
          onChange={(event) => onChoice({ action: actions.find((it) => it === event.target.value) ?? tool.action })}
        >
          {actions.map((action) => (
            <option key={action} value={action}>
              {actionWords[action]}
            </option>
          ))}
        </Select>
        <IconButton
          label={`Details of ${tool.name}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="-mr-1.5"
        >
          <ChevronRight size={16} className={clsx('transition-transform', open && 'rotate-90')} />
        </IconButton>
      </div>
      <div className="flex flex-col gap-1 pl-5.5">
        {isLooser(finding, choices) && (
          <p className="text-asked-text">
            Less strict than proposed ({actionWords[tool.action].toLowerCase()}): its calls may run without asking you.
          </p>
        )}
        {changes.length > 0 && <Changes changes={changes} />}
        <Warnings warnings={warnings} />
        {open && <ToolDetails {...{ server, finding, review, definition, onChoice }} disabled={!included} />}
      </div>
    </li>
  )
}

function Changes({ changes }: { changes: readonly string[] }) {
  return (
    <ul className="list-disc pl-4 text-asked-text">
      {changes.map((change) => (
        <li key={change}>
          <VisibleText text={change} />
        </li>
      ))}
    </ul>
  )
}

function Status({ status }: { status: ToolFinding['status'] }) {
  if (status === 'new') return <Badge>new</Badge>
  if (status === 'changed') return <Chip tone="changed" />
  return status === 'removed' ? <Badge>no longer offered</Badge> : null
}

function firstLine(title: string, description: string): string {
  const line = description.split('\n').find((text) => text.trim() !== '') ?? ''
  return title === '' ? line : `${title}: ${line}`
}
