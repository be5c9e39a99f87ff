import { type FormEvent, useState } from 'react'
import type { StatusView } from '../../../shared/calls.ts'
import { allServers } from '../../../shared/link.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'
import { EntryMade } from './entry-made.tsx'
import { askedBounds, TokenBounds, type TypedBounds } from './token-bounds.tsx'
import { TokenOnce } from './token-once.tsx'

type Kind = 'stdio' | 'http'
type NewClientProps = { status: StatusView | undefined; go: (to: string) => void }

/** Making an entry for a client, and what goes into the client's configuration. */
export function NewClientPage({ status, go }: NewClientProps) {
  const token = useDeed('tokens.create')
  const entry = useDeed('clients.issue')
  const [kind, setKind] = useState<Kind>('stdio')
  const [name, setName] = useState('')
  const [made, setMade] = useState<{ id: string; name: string; token: string | null } | null>(null)
  const servers = status?.servers.map((server) => server.name) ?? []
  const [server, setServer] = useState('')
  const [bounds, setBounds] = useState<TypedBounds>({ scopes: '', tenant: '' })
  const chosen = server || (servers[0] ?? '')
  const http = status?.http ?? null
  const onDone = () => go('/clients')
  if (made?.token) return <TokenOnce name={made.name} token={made.token} http={http} server={chosen} onDone={onDone} />
  if (made && status) {
    const place = { server: chosen || 'SERVER', profile: status.profile, client: made.id }
    return <EntryMade name={made.name} entry={place} shim={status.shim} onDone={onDone} />
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const named = { name: name.trim() }
    if (named.name === '') return
    if (kind === 'stdio') void entry.run(named).then((given) => given && setMade({ ...given, token: null }))
    else if (http)
      void token
        .run({ ...named, ...askedBounds(bounds) })
        .then((given) => given && setMade({ ...given.client, token: given.token }))
  }
  return (
    <Column title="Connect a client" lead="An entry lets the client prove its name: others can only claim it.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Client" hint="As rules and the record will call it.">
          <Input
            value={name}
            maxLength={80}
            placeholder="Cursor"
            onChange={(event) => {
              token.forget()
              entry.forget()
              setName(event.target.value)
            }}
          />
        </Field>
        <KindChoice kind={kind} onKind={setKind} />
        <ServerChoice servers={servers} chosen={chosen} onServer={setServer} />
        {kind === 'http' && (
          <TokenBounds
            typed={bounds}
            onType={(typed) => {
              token.forget()
              setBounds(typed)
            }}
          />
        )}
        {kind === 'http' && http === null ? (
          <Notice tone="held">
            Clients cannot connect over HTTP now: {status?.http_problem ?? 'this gateway does not serve it'}.
          </Notice>
        ) : (
          <>
            <FailureNote title="No entry was made" failure={kind === 'stdio' ? entry.failure : token.failure} />
            <div>
              <Button
                type="submit"
                look="primary"
                size="large"
                loading={entry.busy || token.busy}
                disabled={name.trim() === ''}
              >
                {kind === 'stdio' ? 'Make an entry' : 'Make a token'}
              </Button>
            </div>
          </>
        )}
      </form>
    </Column>
  )
}

type ServerChoiceProps = { servers: readonly string[]; chosen: string; onServer: (name: string) => void }

function ServerChoice({ servers, chosen, onServer }: ServerChoiceProps) {
  return (
    <Field label="Server" hint={servers.length === 0 ? 'None is registered yet: add one first.' : undefined}>
      <Select value={chosen} disabled={servers.length === 0} onChange={(event) => onServer(event.target.value)}>
        {servers.map((it) => (
          <option key={it} value={it}>
            {it}
          </option>
        ))}
        {servers.length > 1 && <option value={allServers}>All servers at once</option>}
      </Select>
    </Field>
  )
}

const kinds: readonly (readonly [Kind, string, string])[] = [
  ['stdio', 'It starts a program', 'For clients whose configuration names a command. The usual.'],
  ['http', 'It connects over HTTP', 'For clients whose configuration names an address and a token.'],
]

function KindChoice({ kind, onKind }: { kind: Kind; onKind: (kind: Kind) => void }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-strong">How it connects</legend>
      {kinds.map(([value, label, hint]) => (
        <label key={value} className="flex items-start gap-2">
          <input
            type="radio"
            name="kind"
            checked={kind === value}
            onChange={() => onKind(value)}
            className="mt-[3px] size-3.5 shrink-0 accent-accent"
          />
          <span>
            {label}
            <span className="block text-muted">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
