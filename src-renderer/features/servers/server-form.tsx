import { type FormEvent, useState } from 'react'
import { commandWords } from '../../parts/command-words.ts'
import { emptyDraft, type ServerDraft, serverInput } from '../../parts/server-choices.ts'
import { useAddServer } from '../../parts/use-add-server.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { FactFields } from './fact-fields.tsx'
import { JudgementFields } from './judgement-fields.tsx'
import { LaunchFields } from './launch-fields.tsx'

type ServerFormProps = { taken: readonly string[]; onAdded: (name: string) => void; onCancel: () => void }

/** All that can be said about a new server. Registering runs nothing: that needs a person at the approval page. */
export function ServerForm({ taken, onAdded, onCancel }: ServerFormProps) {
  const [draft, setDraft] = useState<ServerDraft>(emptyDraft)
  const { add, busy, errorOf, forget } = useAddServer(onAdded)
  const set = (part: Partial<ServerDraft>) => setDraft({ ...draft, ...part })
  const remote = draft.transport === 'http'
  const { words, problem } = commandWords(draft.line)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (remote || problem === null) add(serverInput(draft, words))
  }
  const name = draft.name.trim()
  const ready = remote ? draft.url.trim() !== '' : words.length > 0
  const known = taken.includes(name)
  return (
    <form onSubmit={submit} onChange={forget} className="flex max-w-160 flex-col gap-5">
      <Field
        label="Name"
        hint={
          known
            ? 'A server of this name is registered: adding this one replaces it.'
            : 'What clients, rules and the record call it: letters, digits, dots, dashes. Such as files or github.'
        }
        error={errorOf('name')}
      >
        <Input
          required
          mono
          maxLength={63}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
          className="max-w-80"
        />
      </Field>
      <LaunchFields draft={draft} onChange={set} errorOf={errorOf} />
      <JudgementFields draft={draft} onChange={set} errorOf={errorOf} />
      <FactFields draft={draft} onChange={set} />
      {errorOf('form') && (
        <ErrorState
          compact
          title="Not added"
          why={errorOf('form') ?? ''}
          hint="Nothing was registered and nothing ran."
        />
      )}
      <div className="flex items-center gap-2 border-line border-t pt-4">
        <Button type="submit" look="primary" loading={busy} disabled={name === '' || !ready}>
          Add server
        </Button>
        <Button look="ghost" onClick={onCancel}>
          Cancel
        </Button>
        <span className="text-muted">Nothing runs yet: you review its tools next.</span>
      </div>
    </form>
  )
}
