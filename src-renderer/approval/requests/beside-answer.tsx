import { ChevronDown } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { KeysHelp } from './keys-help.tsx'
import { TimeLeft } from './time-left.tsx'
import type { Edit } from './use-edit.ts'
import type { Grant } from './use-grant.ts'
import type { Shown } from './use-ticket.ts'

type BesideProps = {
  shown: Shown
  grant: Grant
  edit: Edit
  details: boolean
  onDetails: () => void
  help: boolean
  onHelp: (open: boolean) => void
  onWhy: () => void
}

/** How long there is, and what can be done instead of a plain yes or no. */
export function BesideAnswer({ shown: { view }, grant, edit, details, onDetails, help, onHelp, onWhy }: BesideProps) {
  const items: MenuItem[] = [{ label: 'Deny and tell why', onSelect: onWhy }]
  if (edit.possible && !edit.open)
    items.push({ label: 'Change the arguments', kbd: 'E', onSelect: () => edit.setOpen(true) })
  const [first] = items
  return (
    <div className="flex items-center gap-0.5">
      <TimeLeft from={view.created_at} until={view.expires_at} />
      <span className="flex-1" />
      {items.length > 1 ? (
        <Menu label="Answer otherwise" items={items}>
          <Button look="ghost" size="small" className="px-1.5!">
            Otherwise
            <ChevronDown size={12} aria-hidden="true" />
          </Button>
        </Menu>
      ) : (
        <Button look="ghost" size="small" className="px-1.5!" onClick={first?.onSelect}>
          Deny and tell why
        </Button>
      )}
      {grant.offers.length > 0 && !edit.open && grant.picked === null && (
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
