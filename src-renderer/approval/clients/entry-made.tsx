import { stdioConfiguration } from '../../../shared/client-configuration.ts'
import type { ShimLaunch } from '../../../shared/shim-launch.ts'
import { Button } from '../../ui/button.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Column } from '../column.tsx'
import { Notice } from '../notice.tsx'
import { forServer } from './client-texts.ts'

type EntryMadeProps = {
  name: string
  entry: { server: string; profile: string; client: string }
  shim: ShimLaunch
  onDone: () => void
}

/** An entry of a client that starts a program, and what goes into the client's configuration for one server. */
export function EntryMade({ name, entry, shim, onDone }: EntryMadeProps) {
  const text = JSON.stringify(stdioConfiguration(shim, entry), null, 2)
  return (
    <Column
      title={`Entry of ${name}`}
      lead="Put these lines into the client’s configuration, then start the client anew."
    >
      <Notice tone="allowed">
        <p role="status">{name} can connect now. Its secret stays in Toolgate’s own folder: these lines hold none.</p>
      </Notice>
      <section aria-label="Configuration" className="flex flex-col gap-1">
        <p className="text-muted">The lines {forServer(entry.server)}:</p>
        <JsonView label="configuration" text={text} whole />
      </section>
      <div>
        <Button look="primary" onClick={onDone}>
          I have put them there
        </Button>
      </div>
    </Column>
  )
}
