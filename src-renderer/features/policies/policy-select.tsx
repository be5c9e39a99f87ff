import { Field, Select } from '../../ui/field.tsx'
import type { PolicyChoice } from './policy-choice.ts'

type PolicySelectProps = { choices: readonly PolicyChoice[]; chosen: PolicyChoice; onChoose: (id: string) => void }

/** Which policy is asked. */
export function PolicySelect({ choices, chosen, onChoose }: PolicySelectProps) {
  return (
    <Field label="Policy">
      <Select value={chosen.id} onChange={(event) => onChoose(event.target.value)} className="w-72 max-w-full">
        {choices.map(({ id, words }) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </Select>
    </Field>
  )
}
