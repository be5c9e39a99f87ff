import type { GrantSuggestion } from '../../../shared/approval.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { DraftNarrower } from './draft-narrower.tsx'

/** Most of them that are shown; the others come once these are dealt with. */
const mostShown = 10

/** What was allowed again and again, each with ways to be asked less: the request that waits, and a draft of a narrower rule. */
export function Suggestions() {
  const { value } = useCall('approvals.suggestions', {}, ['approvals', 'servers'])
  if (!value || value.length === 0) return null
  return (
    <Section title="What would make it less">
      <Card>
        <ul aria-label="Suggestions" className="divide-y divide-line">
          {value.slice(0, mostShown).map((suggestion) => (
            <li
              key={JSON.stringify([suggestion.client.id, suggestion.tenant, suggestion.server, suggestion.tool])}
              className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3"
            >
              <Suggestion suggestion={suggestion} />
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  )
}

function Suggestion({ suggestion }: { suggestion: GrantSuggestion }) {
  const { client, tenant, server, tool, folder, times, waiting } = suggestion
  return (
    <>
      <div className="min-w-60 flex-1 [overflow-wrap:anywhere]">
        <p>
          You allowed <VisibleText text={client.name} />
          {tenant !== undefined && `, for ${tenant},`}{' '}
          <code>
            <VisibleText text={`${server} › ${tool}`} />
          </code>{' '}
          {times} times under{' '}
          <code>
            <VisibleText text={folder} />
          </code>
        </p>
        <p className="text-muted">
          {waiting === null
            ? 'When it asks next, the approval window offers that folder for a while.'
            : 'It asks right now: allow that folder for a while.'}
        </p>
      </div>
      {waiting !== null && (
        <OpenApprovalsButton at={`/approvals/${waiting}`} size="small">
          Allow that folder
        </OpenApprovalsButton>
      )}
      <DraftNarrower suggestion={suggestion} />
    </>
  )
}
