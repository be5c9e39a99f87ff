import { sqlDialects } from '../../../shared/envelope.ts'
import type { ServerDraft } from '../../parts/server-choices.ts'
import { dialectWords } from '../../say/server-words.ts'
import { Field, Input, Select } from '../../ui/field.tsx'

type FactFieldsProps = { draft: ServerDraft; onChange: (part: Partial<ServerDraft>) => void }

/** What a server is there for, who answers for it, and which SQL it takes. */
export function FactFields({ draft, onChange }: FactFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-4">
      <div className="col-span-2">
        <Field label="Purpose" hint="What it is there for, in a few words. May be empty.">
          <Input
            maxLength={200}
            value={draft.purpose}
            onChange={(event) => onChange({ purpose: event.target.value })}
          />
        </Field>
      </div>
      <Field label="Owner" hint="Who answers for it: a person or a team. May be empty.">
        <Input maxLength={200} value={draft.owner} onChange={(event) => onChange({ owner: event.target.value })} />
      </Field>
      <Field label="SQL" hint="Rules can bound statements only where the dialect is known.">
        <Select
          value={draft.dialect ?? ''}
          onChange={(event) => onChange({ dialect: sqlDialects.find((it) => it === event.target.value) ?? null })}
        >
          <option value="">none</option>
          {sqlDialects.map((dialect) => (
            <option key={dialect} value={dialect}>
              {dialectWords[dialect]}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  )
}
