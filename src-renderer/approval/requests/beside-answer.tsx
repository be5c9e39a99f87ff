import { Button } from '../../ui/button.tsx'
import { KeysHelp } from './keys-help.tsx'
import { TimeLeft } from './time-left.tsx'
import type { Grant } from './use-grant.ts'
import type { Shown } from './use-ticket.ts'

type BesideProps = {
  shown: Shown
  grant: Grant
  /** Arguments are being changed: there is a yes to them once, and no other. */
  editing: boolean
  details: boolean
  onDetails: () => void
  help: boolean
  onHelp: (open: boolean) => void
  onWhy: () => void
}

/** How long there is, and what can be done instead of a plain yes or no. */
export function BesideAnswer({
  shown: { view },
  grant,
  editing,
  details,
  onDetails,
  help,
  onHelp,
  onWhy,
}: BesideProps) {
  return (
    <div className="flex items-center gap-0.5">
      <TimeLeft from={view.created_at} until={view.expires_at} />
      <span className="flex-1" />
      <Button look="ghost" size="small" className="px-1.5!" onClick={onWhy}>
        Deny and tell why
      </Button>
      {!editing && grant.offers.length > 0 && grant.picked === null && (
        <Button look="ghost" size="small" className="px-1.5!" kbd="1" onClick={() => grant.pick(0)}>
          Allow for longer
        </Button>
      )}
      <Button look="ghost" size="small" className="px-1.5!" kbd="D" aria-expanded={details} onClick={onDetails}>
        Details
      </Button>
      <KeysHelp open={help} onOpen={onHelp} />
    </div>
  )
}
