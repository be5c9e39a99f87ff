import { ExternalLink } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { openApprovals } from '../open-approvals.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { asFailure } from '../use-call.ts'

type OpenApprovalsButtonProps = {
  /** Place on the approval page, such as `/servers/files`. */
  at: string
  look?: 'primary' | 'secondary' | 'ghost'
  size?: 'small' | 'medium'
  icon?: ReactNode
  children: ReactNode
}

/** A button that leads to the approval page, where alone a person can decide. */
export function OpenApprovalsButton({
  at,
  look = 'secondary',
  size = 'medium',
  icon,
  children,
}: OpenApprovalsButtonProps) {
  const [busy, setBusy] = useState(false)
  const open = () => {
    setBusy(true)
    openApprovals(at)
      .catch((error: unknown) => {
        const { message, hint } = asFailure(error)
        toast({ title: message, detail: hint, tone: 'denied' })
      })
      .finally(() => setBusy(false))
  }
  return (
    <Button look={look} size={size} icon={icon} onClick={open} loading={busy}>
      {children}
      <ExternalLink size={14} aria-hidden="true" />
    </Button>
  )
}
