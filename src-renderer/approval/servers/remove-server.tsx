import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FailureNote } from '../failure-note.tsx'
import { useDeed } from '../use-deed.ts'

/** Forgetting a server, after one plain question. */
export function RemoveServer({ name, onRemoved }: { name: string; onRemoved: () => void }) {
  const { run, busy, failure } = useDeed('servers.remove')
  const [asking, setAsking] = useState(false)
  const remove = () => void run({ name }).then((done) => done && onRemoved())
  return (
    <div className="border-line border-t pt-3">
      <Button look="ghost" size="small" icon={<Trash2 size={13} aria-hidden="true" />} onClick={() => setAsking(true)}>
        Remove this server
      </Button>
      {asking && (
        <Dialog
          title={`Remove ${name}?`}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button data-autofocus onClick={() => setAsking(false)}>
                Keep it
              </Button>
              <Button look="danger" loading={busy} onClick={remove}>
                Remove
              </Button>
            </>
          }
        >
          <div className="flex flex-col gap-3">
            <p>
              Running calls of it are cut off, its reviewed tools are forgotten, and clients that are configured for it
              get refusals. The record of what it did stays.
            </p>
            <FailureNote title="Not removed" failure={failure} />
          </div>
        </Dialog>
      )}
    </div>
  )
}
