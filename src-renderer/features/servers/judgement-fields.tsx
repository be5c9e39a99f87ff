import { useId } from 'react'
import { trustLevels } from '../../../shared/envelope.ts'
import type { ServerDraft } from '../../parts/server-choices.ts'
import { trustWords } from '../../say/server-words.ts'
import { Field, Input, Select } from '../../ui/field.tsx'

type PartProps = { draft: ServerDraft; onChange: (part: Partial<ServerDraft>) => void }

const environments = ['unknown', 'local', 'development', 'test', 'staging', 'production']

/** How a server is judged: what its calls risk, and what rules know of it. */
export function JudgementFields({
  draft,
  onChange,
  errorOf,
}: PartProps & { errorOf: (field: 'environment' | 'tags') => string | null }) {
  const list = useId()
  return (
    <div className="grid grid-cols-2 gap-4">
      <Field label="Trust level" hint={trustWords[draft.trust_level].means}>
        <Select
          value={draft.trust_level}
          onChange={(event) => {
            const level = trustLevels.find((it) => it === event.target.value)
            if (level) onChange({ trust_level: level })
          }}
        >
          {trustLevels.map((level) => (
            <option key={level} value={level}>
              {trustWords[level].word}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label="Environment"
        hint="Where it acts. Anything but development, test, staging and local adds to the risk."
        error={errorOf('environment')}
      >
        <Input
          list={list}
          value={draft.environment}
          onChange={(event) => onChange({ environment: event.target.value })}
        />
      </Field>
      <datalist id={list}>
        {environments.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="col-span-2">
        <Field
          label="Risk tags"
          hint="Words that your rules can match with risk_tags, such as prod or pii. Commas between them; may be empty."
          error={errorOf('tags')}
        >
          <Input value={draft.tags} onChange={(event) => onChange({ tags: event.target.value })} />
        </Field>
      </div>
    </div>
  )
}
