import { useEffect, useId, useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { TextDiff } from '../../ui/text-diff.tsx'
import type { Edit } from './use-edit.ts'

/** The arguments of a call to be changed, with what differs from what was asked for. */
export function EditArguments({ edit }: { edit: Edit }) {
  const { text, problem, edited, before, change } = edit
  const field = useRef<HTMLTextAreaElement>(null)
  const hint = useId()
  useEffect(() => field.current?.focus(), [])
  const lines = (text ?? '').split('\n').length
  return (
    <div className="flex flex-col gap-2">
      <div className="flex h-6 items-center">
        <h3 className="flex-1 text-muted">Change the arguments</h3>
        {text !== before && (
          <Button look="ghost" size="small" onClick={() => change(before)}>
            Start over
          </Button>
        )}
      </div>
      <textarea
        ref={field}
        aria-label="Arguments, as JSON"
        aria-invalid={problem !== null}
        aria-describedby={hint}
        spellCheck={false}
        autoComplete="off"
        rows={Math.min(16, Math.max(5, lines + 1))}
        value={text ?? ''}
        onChange={(event) => change(event.target.value)}
        className="w-full resize-y rounded-md border border-edge bg-sunken px-3 py-2 font-mono text-code aria-invalid:border-denied-line"
      />
      <p id={hint} role="status" className={problem === null ? 'text-muted' : 'text-denied-text'}>
        {problem ??
          (edited === null
            ? 'Nothing is changed yet.'
            : 'It is judged anew with these arguments, runs once, and the agent is told what was changed.')}
      </p>
      {edited !== null && <TextDiff before={before} after={edited} names={['Asked for', 'will run']} look="inline" />}
    </div>
  )
}
