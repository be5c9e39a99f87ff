import { Field, Textarea } from '../../ui/field.tsx'
import { TextDiff } from '../../ui/text-diff.tsx'
import type { Edit } from './use-edit.ts'

/** Longer texts are not compared on screen, in characters. */
const longestCompared = 40_000

/** The arguments as they will run, to be changed, and what differs from what was asked. */
export function EditArguments({ edit: { before, text, mistake, setText } }: { edit: Edit }) {
  const changed = text !== before
  return (
    <div className="flex flex-col gap-3">
      <Field
        label="Run it with these arguments instead"
        hint="The client is told that you changed them, and the record keeps both."
        error={changed ? mistake : null}
      >
        <Textarea
          autoFocus
          mono
          className="max-h-48 min-h-24"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <div role="status">
        {!changed ? (
          <p className="text-muted">Nothing is changed yet.</p>
        ) : before.length + text.length > longestCompared ? (
          <p className="text-muted">Changed. It is too long to be compared here: read all of it.</p>
        ) : (
          <TextDiff before={before} after={text} names={['Asked', 'runs']} look="inline" />
        )}
      </div>
    </div>
  )
}
