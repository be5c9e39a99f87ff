import { type FormEvent, useState } from 'react'
import type { ServerView } from '../../../shared/server.ts'
import { call } from '../../call.ts'
import { commandWords } from '../../parts/command-words.ts'
import type { ServerDraft } from '../../parts/server-choices.ts'
import { useSaving } from '../../parts/use-saving.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { FactFields } from './fact-fields.tsx'
import { JudgementFields } from './judgement-fields.tsx'
import { LaunchFields } from './launch-fields.tsx'
import { changeOf, draftOf, keptNames } from './server-change.ts'

/** Changes a registered server. Nothing of it can be called until a person has approved it as it then is. */
export function ServerChangeForm({ server, onDone }: { server: ServerView; onDone: (name: string) => void }) {
  // As it was when the form was opened: what others change meanwhile must not change what is typed here.
  const [before] = useState(server)
  const [draft, setDraft] = useState<ServerDraft>(() => draftOf(before))
  const { save, busy, errorOf, forget } = useSaving(onDone)
  const set = (part: Partial<ServerDraft>) => setDraft({ ...draft, ...part })
  const { words, problem } = commandWords(draft.line)
  const kept = keptNames(before)
  const remote = draft.transport === 'http'
  const ready = remote ? draft.url.trim() !== '' : words.length > 0 && problem === null
  const change = ready ? changeOf(before, draft, words) : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (change) save(change.name, () => call('servers.set', change))
  }
  return (
    <form onSubmit={submit} onChange={forget} className="flex max-w-160 flex-col gap-5">
      <LaunchFields draft={draft} onChange={set} errorOf={errorOf} kept={kept} />
      {kept.length > 0 && (
        <p className="text-muted">
          {remote
            ? 'Headers go when the address leads to another origin: give them again.'
            : 'Variables go when another program would get them: give them again.'}
        </p>
      )}
      <JudgementFields draft={draft} onChange={set} errorOf={errorOf} />
      <FactFields draft={draft} onChange={set} />
      {errorOf('form') && (
        <ErrorState compact title="Not changed" why={errorOf('form') ?? ''} hint="The server is as it was." />
      )}
      <div className="flex items-center gap-2 border-line border-t pt-4">
        <Button type="submit" look="primary" loading={busy} disabled={change === null}>
          Change server
        </Button>
        <Button look="ghost" onClick={() => onDone(server.name)}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
