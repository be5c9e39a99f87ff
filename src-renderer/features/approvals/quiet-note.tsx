import { Moon } from 'lucide-react'
import { useCall } from '../../use-call.ts'

/** Says that it is quiet hours, or that they are switched off; nothing at other times. */
export function QuietNote() {
  const { value } = useCall('quiet.show', {}, ['status'])
  if (!value || (!value.quiet && value.off_until === null)) return null
  return (
    <p role="status" className="flex items-start gap-2 rounded-md border border-line bg-raised p-3 text-muted">
      <Moon size={16} className="mt-0.5 shrink-0" aria-hidden="true" />
      {value.quiet ? (
        <span>
          Quiet hours{value.until === null ? '' : ` until ${timeOf(value.until)}`}: calls that would ask you are denied.
          To be asked all the same, run <code>toolgate approvals quiet --off 2</code>.
        </span>
      ) : (
        <span>Quiet hours are switched off until {timeOf(value.off_until ?? '')}.</span>
      )}
    </p>
  )
}

function timeOf(iso: string): string {
  return new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
