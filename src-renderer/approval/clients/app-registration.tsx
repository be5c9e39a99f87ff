import { type FormEvent, useState } from 'react'
import type { AppRegistration as Registration } from '../../../shared/consents.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { Field, Input, Textarea } from '../../ui/field.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { FailureNote } from '../failure-note.tsx'
import { useDeed } from '../use-deed.ts'

/** Where the answers of an app go and what it comes for, and the way to change that. */
export function AppRegistration({ client, revoked }: { client: string; revoked: boolean }) {
  const { value: registration, refresh } = useCall('consents.registration', { client }, ['clients', 'consents'])
  const [changing, setChanging] = useState(false)
  if (registration === undefined || (registration === null && revoked)) return null
  return (
    <Section title="What it registered">
      {registration === null ? (
        <p className="text-muted">A document that its maker publishes names it: what that says is not changed here.</p>
      ) : changing ? (
        <Change
          client={client}
          registration={registration}
          onDone={() => {
            setChanging(false)
            refresh()
          }}
        />
      ) : (
        <>
          <Said registration={registration} />
          {!revoked && (
            <div>
              <Button onClick={() => setChanging(true)}>Change</Button>
            </div>
          )}
        </>
      )}
    </Section>
  )
}

function Said({ registration: { redirect_uris, purpose } }: { registration: Registration }) {
  return (
    <div className="flex flex-col gap-1 rounded-md border border-line px-3 py-2">
      <span className="text-muted">Answers go to</span>
      {redirect_uris.map((uri) => (
        <code key={uri} className="[overflow-wrap:anywhere]">
          <VisibleText text={uri} />
        </code>
      ))}
      <span className="text-muted">
        {purpose === '' ? (
          'It does not say what it comes for.'
        ) : (
          <>
            For “
            <VisibleText text={purpose} />”
          </>
        )}
      </span>
    </div>
  )
}

type ChangeProps = { client: string; registration: Registration; onDone: () => void }

function Change({ client, registration, onDone }: ChangeProps) {
  const { run, busy, failure, forget } = useDeed('consents.register')
  const [uris, setUris] = useState(registration.redirect_uris.join('\n'))
  const [purpose, setPurpose] = useState(registration.purpose)
  const redirect_uris = uris.split(/\s+/).filter((uri) => uri !== '')
  const same = redirect_uris.join() === registration.redirect_uris.join() && purpose === registration.purpose
  const save = (event: FormEvent) => {
    event.preventDefault()
    void run({ client, redirect_uris, purpose }).then((done) => done && onDone())
  }
  return (
    <form onSubmit={save} className="flex flex-col gap-3 rounded-md border border-line p-3">
      <Field
        label="Redirect addresses"
        hint="One a line: https, http to localhost, or a scheme of the app. Whoever holds one can receive what a yes gives."
      >
        <Textarea
          mono
          autoFocus
          rows={Math.min(6, Math.max(2, redirect_uris.length + 1))}
          value={uris}
          onChange={(event) => {
            forget()
            setUris(event.target.value)
          }}
        />
      </Field>
      <Field label="What it comes for" hint="On record with each of its calls.">
        <Input value={purpose} maxLength={300} onChange={(event) => setPurpose(event.target.value)} />
      </Field>
      <FailureNote title="Not changed" failure={failure} />
      <div className="flex gap-2">
        <Button type="submit" look="primary" loading={busy} disabled={same || redirect_uris.length === 0}>
          Save
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  )
}
