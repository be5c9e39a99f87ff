import { Field, Input } from '../ui/field.tsx'
import { ArgvView, LaunchWarnings, Remark } from './argv-view.tsx'
import { commandWords } from './command-words.ts'

type CommandFieldProps = {
  line: string
  onChange: (line: string) => void
  /** What the core found wrong with it. */
  error: string | null
}

/** A command line, and below it exactly the words that it would run as. */
export function CommandField({ line, onChange, error }: CommandFieldProps) {
  const { words, problem, remarks } = commandWords(line)
  const [command = '', ...args] = words
  return (
    <div className="flex flex-col gap-2">
      <Field
        label="Command line"
        hint="The program and its arguments, as its manual gives them. No shell reads it."
        error={problem ?? error}
      >
        <Input
          mono
          value={line}
          onChange={(event) => onChange(event.target.value)}
          placeholder="npx -y @scope/server --option value"
        />
      </Field>
      {words.length > 0 && (
        <div className="flex flex-col gap-1">
          <p className="text-faint text-small">
            Runs exactly {words.length === 1 ? 'this word' : `these ${words.length} words`}
          </p>
          <ArgvView words={words} label="Words that would run" />
        </div>
      )}
      {remarks.map((remark) => (
        <Remark key={remark} text={remark} />
      ))}
      {command !== '' && <LaunchWarnings launch={{ transport: 'stdio', command, args, cwd: '', env_names: [] }} />}
    </div>
  )
}
