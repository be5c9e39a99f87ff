import { Field, Select } from '../../ui/field.tsx'

type WhoFieldProps = {
  people: readonly { id: string; name: string }[]
  value: string
  onChange: (id: string) => void
}

/** Which of several people is here. */
export function WhoField({ people, value, onChange }: WhoFieldProps) {
  return (
    <Field label="Who you are">
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        {people.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  )
}
