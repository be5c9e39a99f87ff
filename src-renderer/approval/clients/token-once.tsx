import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Column } from '../column.tsx'
import { Notice } from '../notice.tsx'
import { forServer, httpConfiguration } from './client-texts.ts'

type TokenOnceProps = { name: string; token: string; http: string | null; server: string; onDone: () => void }

/** A token, shown once, and where it goes. */
export function TokenOnce({ name, token, http, server, onDone }: TokenOnceProps) {
  return (
    <Column title={`Token of ${name}`} lead="Put it into the client’s configuration, and nowhere else.">
      <Notice tone="held">
        This token is shown once: Toolgate keeps only a hash of it. Whoever has it can call tools as {name}.
      </Notice>
      <CodeBlock label="token" text={token} />
      {http !== null && (
        <section aria-label="Configuration" className="flex flex-col gap-1">
          <p className="text-muted">For a client that reads JSON, {forServer(server)}:</p>
          <JsonView label="configuration" text={httpConfiguration(http, server, token)} />
        </section>
      )}
      <div>
        <Button look="primary" onClick={onDone}>
          I have put it there
        </Button>
      </div>
    </Column>
  )
}
