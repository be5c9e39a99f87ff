import { Users } from 'lucide-react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FactLine } from './fact-line.tsx'
import { needsWords } from './needs-words.ts'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

/** Who has to say yes when it is not simply whoever is here, and who has. */
export function NeedsLine({ view: { needs, given } }: { view: Pick<ApprovalView, 'needs' | 'given'> }) {
  const words = needsWords(needs)
  if (words === null && given.length === 0) return null
  return (
    <FactLine icon={<Users size={14} />} name="Who has to say yes" look="text-asked-text">
      {words}
      {words !== null && given.length === 0 && ' Nobody has yet.'}
      {given.map(({ by, at, reason }, number) => (
        <p key={`${by} ${at}`} className="wrap-anywhere text-ink">
          <b>
            {number + 1} of {needs.answers}
          </b>{' '}
          said yes: <VisibleText text={by} /> at {clock.format(Date.parse(at))}
          {reason !== '' && (
            <>
              {' — “'}
              <VisibleText text={reason} />”
            </>
          )}
        </p>
      ))}
    </FactLine>
  )
}
