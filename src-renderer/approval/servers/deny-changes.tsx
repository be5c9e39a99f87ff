import { Ban } from 'lucide-react'
import { useState } from 'react'
import type { ServerReview } from '../../../shared/server.ts'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'

/** Saying no to all that changed since the last approval, at once; nothing where nothing did. */
export function DenyChanges({ review }: { review: ServerReview }) {
  const { run, busy, failure } = useDeed('servers.deny')
  const [reason, setReason] = useState('')
  const [done, setDone] = useState(false)
  const tools = review.tools.filter(({ status }) => status === 'changed').map(({ tool }) => tool.name)
  const wanted = { tools, server: review.runs.length > 0, instructions: review.instruction_changes.length > 0 }
  if (tools.length === 0 && !wanted.server && !wanted.instructions) return null
  if (done) {
    return (
      <Notice tone="denied">
        <p role="status">What changed is denied: it stays refused until you approve it after all.</p>
      </Notice>
    )
  }
  const deny = () => {
    void run({ name: review.server.name, ...wanted, reason }).then((server) => server && setDone(true))
  }
  return (
    <section aria-label="Deny" className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <Input
          aria-label="Why it is denied"
          placeholder="Why (for the record)"
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button loading={busy} icon={<Ban size={14} aria-hidden="true" />} onClick={deny} className="shrink-0">
          Deny what changed
        </Button>
      </div>
      <FailureNote title="Nothing was denied" failure={failure} />
    </section>
  )
}
