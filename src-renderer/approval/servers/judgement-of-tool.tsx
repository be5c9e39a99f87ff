import { useState } from 'react'
import { classifications } from '../../../shared/envelope.ts'
import type { ToolReview } from '../../../shared/server.ts'
import { Field, Input, Select } from '../../ui/field.tsx'
import type { ToolChoice } from './tool-choices.ts'

type JudgementProps = { review: ToolReview; disabled: boolean; onChoice: (choice: ToolChoice) => void }

const tiers = [
  [1, '1: read-only, nothing sensitive'],
  [2, '2: writes, or internal data'],
  [3, '3: destroys, reaches out, sensitive data'],
] as const

const words = [
  ['purpose', 'Purpose'],
  ['owner', 'Owner'],
  ['module', 'Module'],
] as const

/** What a person says of a tool beside what it does; rules can be about all of it. */
export function JudgementOfTool({ review, disabled, onChoice }: JudgementProps) {
  return (
    <div className="grid grid-cols-1 gap-3 @lg:grid-cols-2">
      <Field label="Classification">
        <Select
          disabled={disabled}
          value={review.classification}
          onChange={(event) => {
            const classification = classifications.find((it) => it === event.target.value)
            if (classification) onChoice({ classification })
          }}
        >
          {classifications.map((it) => (
            <option key={it} value={it}>
              {it}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Tier">
        <Select
          disabled={disabled}
          value={review.tier}
          onChange={(event) => {
            const tier = tiers.find(([it]) => String(it) === event.target.value)?.[0]
            if (tier) onChoice({ tier })
          }}
        >
          {tiers.map(([tier, means]) => (
            <option key={tier} value={tier}>
              {means}
            </option>
          ))}
        </Select>
      </Field>
      {words.map(([field, label]) => (
        <Field key={field} label={label}>
          <Input
            maxLength={200}
            disabled={disabled}
            value={review[field]}
            onChange={(event) => onChoice({ [field]: event.target.value })}
          />
        </Field>
      ))}
      <Field label="Argument with SQL">
        <Input
          mono
          maxLength={200}
          disabled={disabled}
          placeholder="found by its name"
          value={review.sql_argument ?? ''}
          onChange={(event) => onChoice({ sql_argument: event.target.value === '' ? null : event.target.value })}
        />
      </Field>
      <TagsField tags={review.tags} disabled={disabled} onTags={(tags) => onChoice({ tags })} />
    </div>
  )
}

type TagsProps = { tags: readonly string[]; disabled: boolean; onTags: (tags: string[]) => void }

/** Keeps what is typed as it is typed: a blank at the end begins the next tag. */
function TagsField({ tags, disabled, onTags }: TagsProps) {
  const [text, setText] = useState(tags.join(', '))
  return (
    <Field label="Tags">
      <Input
        disabled={disabled}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          onTags([...new Set(event.target.value.split(/[\s,]+/).filter((tag) => tag !== ''))])
        }}
      />
    </Field>
  )
}
