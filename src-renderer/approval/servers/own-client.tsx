import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'

/** For authorization servers that take no registrations: the client that the person registered there themselves. */
export function OwnClient({ name }: { name: string }) {
  const { run, busy, failure, forget } = useDeed('servers.sign_in_as')
  const [id, setId] = useState('')
  const [secret, setSecret] = useState('')
  const [kept, setKept] = useState<{ issuer: string; redirect_uri: string } | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const client = { client_id: id.trim(), client_secret: secret === '' ? null : secret }
    void run({ name, ...client }).then((given) => {
      if (!given) return
      setKept(given)
      // It lies in the vault now, and nowhere else.
      setSecret('')
    })
  }
  const type = (set: (text: string) => void) => (text: string) => {
    forget()
    setKept(null)
    set(text)
  }
  return (
    <details>
      <summary className="cursor-pointer text-muted">Sign in with a client that you registered yourself</summary>
      <form onSubmit={submit} className="mt-3 flex flex-col gap-3">
        <Field label="Client ID" hint="As the authorization server of this server gave it to you.">
          <Input mono value={id} maxLength={2048} onChange={(event) => type(setId)(event.target.value)} />
        </Field>
        <Field label="Client secret" hint="Empty when it has none. It is kept encrypted and never shown.">
          <Input
            type="password"
            autoComplete="new-password"
            value={secret}
            maxLength={4096}
            onChange={(event) => type(setSecret)(event.target.value)}
          />
        </Field>
        <FailureNote title="The client is not kept" failure={failure} />
        {kept && (
          <Notice tone="constrained">
            <div role="status" className="flex flex-col gap-2">
              <p>
                At <VisibleText text={kept.issuer} /> this must be a redirect address of that client, exactly. Then sign
                in above.
              </p>
              <CodeBlock label="redirect address" text={kept.redirect_uri} whole />
            </div>
          </Notice>
        )}
        <div>
          <Button type="submit" loading={busy} disabled={id.trim() === ''}>
            Keep this client
          </Button>
        </div>
      </form>
    </details>
  )
}
