import { Moon } from 'lucide-react'
import type { QuietView } from '../../../shared/fatigue.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { useCall } from '../../use-call.ts'

/** Says that it is quiet hours, or that they are switched off; at other times, only with `always`, when they are. */
export function QuietNote({ always }: { always: boolean }) {
  const { value } = useCall('quiet.show', {}, ['status'])
  if (!value || (!always && !value.quiet && value.off_until === null)) return null
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-raised p-3 text-muted">
      <Moon size={16} className="shrink-0" aria-hidden="true" />
      <p role="status" className="min-w-60 flex-1">
        {wordsOf(value)}
      </p>
      <OpenApprovalsButton at="/quiet" size="small">
        {value.hours === null ? 'Set quiet hours' : 'Change'}
      </OpenApprovalsButton>
    </div>
  )
}

function wordsOf({ hours, quiet, until, off_until }: QuietView): string {
  if (off_until !== null) return `Quiet hours are switched off until ${timeOf(off_until)}.`
  if (!quiet) return hours === null ? 'No quiet hours are set.' : `Quiet hours: ${hours}.`
  return `Quiet hours${until === null ? '' : ` until ${timeOf(until)}`}: calls that would ask you are denied.`
}

function timeOf(iso: string): string {
  return new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
