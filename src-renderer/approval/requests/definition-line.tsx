import { FileCheck2 } from 'lucide-react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { Hint } from '../../ui/hint.tsx'
import { exactTime } from '../../ui/relative-time.ts'
import { Notice } from '../notice.tsx'
import { FactLine } from './fact-line.tsx'

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const mostChanges = 5

/** When the definition that would be called was approved; in amber when the server has changed it since then. */
export function DefinitionLine({ definition: { approved_at, changes } }: Pick<ApprovalView, 'definition'>) {
  if (approved_at === null && changes.length === 0) return null
  const at = approved_at === null ? null : Date.parse(approved_at)
  const when = at === null ? null : <span title={exactTime(at)}>{day.format(at)}</span>
  if (changes.length === 0) {
    return (
      <FactLine icon={<FileCheck2 size={14} />} name="Definition">
        Approved on {when}, unchanged since.
      </FactLine>
    )
  }
  return (
    <Notice tone="changed">
      <b>{when ? <>Approved on {when}, with these changes:</> : 'Its definition changed:'}</b>
      <ul className="list-disc pl-4">
        {changes.slice(0, mostChanges).map((change) => (
          <li key={change} className="wrap-anywhere">
            <Hint text={change} />
          </li>
        ))}
      </ul>
      {changes.length > mostChanges && <p>and {changes.length - mostChanges} more, on the page of the server</p>}
    </Notice>
  )
}
