import { clsx } from 'clsx'
import { FlaskConical, Folder, type LucideIcon, SquareTerminal } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { StatusView } from '../../../shared/calls.ts'
import { ArgvView, LaunchWarnings } from '../../parts/argv-view.tsx'
import { CommandField } from '../../parts/command-field.tsx'
import { commandWords } from '../../parts/command-words.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { emptyDraft, freeName, readyServers, serverInput } from '../../parts/server-choices.ts'
import { useAddServer } from '../../parts/use-add-server.ts'
import { places } from '../../places.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'

type Servers = StatusView['servers']

/** A first server: one of two ready ones or any command; once it is registered, the way to its review. */
export function FirstServer({ servers }: { servers: Servers }) {
  const [more, setMore] = useState(false)
  const due = servers.filter(({ state }) => state !== 'approved')
  if (due.length > 0 && !more) return <ToReview servers={due} onMore={() => setMore(true)} />
  return <NewServer taken={servers.map(({ name }) => name)} onAdded={() => setMore(false)} />
}

function ToReview({ servers, onMore }: { servers: Servers; onMore: () => void }) {
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-2">
        {servers.map(({ name }, at) => (
          <li key={name} className="flex flex-wrap items-center gap-3">
            <OpenApprovalsButton at={places.server(name)} look={at === 0 ? 'primary' : 'secondary'}>
              Review {name}
            </OpenApprovalsButton>
            <span className="text-muted">
              It is added and runs nothing yet. In the review it runs once to show its tools.
            </span>
          </li>
        ))}
      </ul>
      <Button look="ghost" size="small" className="self-start" onClick={onMore}>
        Add another server
      </Button>
    </div>
  )
}

type Choice = 'files' | 'everything' | 'command'
const choices: readonly { id: Choice; Icon: LucideIcon; title: string; what: string }[] = [
  { id: 'files', Icon: Folder, title: 'Files', what: 'Read and write in one folder of yours' },
  { id: 'everything', Icon: FlaskConical, title: 'Demo', what: 'Harmless tools to try: echo, add, …' },
  { id: 'command', Icon: SquareTerminal, title: 'Another server', what: 'Any command line from its manual' },
]

function NewServer({ taken, onAdded }: { taken: readonly string[]; onAdded: () => void }) {
  const [choice, setChoice] = useState<Choice>('files')
  const [folder, setFolder] = useState('')
  const [name, setName] = useState('')
  const [line, setLine] = useState('')
  const { add, busy, errorOf, forget } = useAddServer(onAdded)
  const typed = commandWords(line)
  const files = [...readyServers.files, ...(folder.trim() === '' ? [] : [folder.trim()])]
  const words = choice === 'files' ? files : choice === 'everything' ? readyServers.everything : typed.words
  const ready = choice === 'files' ? folder.trim() !== '' : choice === 'everything' || words.length > 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const own = { ...emptyDraft, name, environment: 'local' }
    const named = choice === 'command' ? own : { ...own, name: freeName(choice, taken) }
    if (choice !== 'command' || typed.problem === null) add(serverInput(named, words))
  }
  const wrong =
    errorOf('form') ?? (choice === 'command' ? null : (errorOf('line') ?? errorOf('folder') ?? errorOf('name')))
  return (
    <form onSubmit={submit} onChange={forget} className="flex flex-col gap-4">
      <Choices choice={choice} onChoose={setChoice} />
      {choice === 'files' && (
        <Field label="Folder" hint="The whole path of a folder that your AI client may work in. Not your home folder.">
          <Input
            mono
            required
            value={folder}
            onChange={(event) => setFolder(event.target.value)}
            placeholder="the whole path, such as ~/projects/demo written out"
          />
        </Field>
      )}
      {choice === 'command' ? (
        <>
          <Field
            label="Name"
            hint="What clients, rules and the record call it, such as github."
            error={errorOf('name')}
          >
            <Input
              mono
              required
              maxLength={63}
              value={name}
              onChange={(event) => setName(event.target.value)}
              className="max-w-60"
            />
          </Field>
          <CommandField line={line} onChange={setLine} error={errorOf('line')} />
        </>
      ) : (
        <WouldRun words={words} />
      )}
      {wrong && <ErrorState compact title="Not added" why={wrong} hint="Nothing was registered and nothing ran." />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" loading={busy} disabled={!ready}>
          Add server
        </Button>
        <span className="text-muted">Nothing runs yet: you review its tools next.</span>
      </div>
    </form>
  )
}

function WouldRun({ words }: { words: readonly string[] }) {
  const [command = '', ...args] = words
  return (
    <div className="flex flex-col gap-2">
      <p className="text-faint text-small">Runs exactly these {words.length} words</p>
      <ArgvView words={words} label="Words that would run" />
      <LaunchWarnings launch={{ transport: 'stdio', command, args, cwd: '', env_names: [] }} />
    </div>
  )
}

function Choices({ choice, onChoose }: { choice: Choice; onChoose: (choice: Choice) => void }) {
  return (
    <fieldset className="grid grid-cols-1 gap-2 @2xl:grid-cols-3">
      <legend className="sr-only">Which server</legend>
      {choices.map(({ id, Icon, title, what }) => (
        <label
          key={id}
          className={clsx(
            'flex items-start gap-3 rounded-md border p-3 has-focus-visible:outline-2 has-focus-visible:outline-accent-text',
            id === choice ? 'border-accent bg-selected' : 'border-line-strong hover:bg-hover',
          )}
        >
          <input type="radio" name="choice" checked={id === choice} onChange={() => onChoose(id)} className="sr-only" />
          <Icon
            size={18}
            className={clsx('mt-px shrink-0', id === choice ? 'text-accent-text' : 'text-muted')}
            aria-hidden="true"
          />
          <span>
            <span className="block font-strong">{title}</span>
            <span className="block text-muted">{what}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
