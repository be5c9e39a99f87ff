import { Lightbulb } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import type { Grant } from './use-grant.ts'

const hours = 8

/** That a person allowed the like again and again, and the way to allow it for a while: picked, and not yet answered. */
export function SuggestionLine({ grant }: { grant: Grant }) {
  const at = grant.offers.findIndex(({ suggested }) => suggested !== null)
  const offer = grant.offers[at]
  const folder = offer?.bounds.find(({ is }) => is === 'under')?.value
  if (!offer || folder === undefined || grant.picked !== null) return null
  const lasting = offer.durations.includes('hours') && offer.max_hours >= hours
  const pick = () => {
    grant.pick(at)
    if (lasting) grant.setDuration(`hours ${hours}`)
  }
  return (
    <section
      aria-label="Suggestion"
      className="flex items-center gap-2 rounded-md border border-line bg-canvas px-2 py-1.5 text-small"
    >
      <Lightbulb size={14} className="shrink-0 text-muted" aria-hidden="true" />
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        You allowed this {offer.suggested} times under{' '}
        <code>
          <VisibleText text={folder} />
        </code>
        .
      </p>
      <Button size="small" kbd={String(at + 1)} onClick={pick}>
        {lasting ? `That folder for ${hours} hours` : 'That folder for longer'}
      </Button>
    </section>
  )
}
