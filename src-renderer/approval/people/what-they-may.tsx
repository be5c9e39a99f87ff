import { Field, Input } from '../../ui/field.tsx'
import { Checkbox } from '../../ui/toggle.tsx'

/** The groups that somebody typed, with commas or spaces between them. */
export function groupsIn(typed: string): string[] {
  return [...new Set(typed.split(/[\s,]+/).filter((group) => group !== ''))]
}

type GroupsFieldProps = { value: string; focused?: boolean; onChange: (value: string) => void }

/** Where the groups of a person are typed. */
export function GroupsField({ value, focused = false, onChange }: GroupsFieldProps) {
  return (
    <Field
      label="Groups"
      hint="As rule files name them under approvals, such as security, finance. Who is in auditor looks and answers nothing."
    >
      <Input autoFocus={focused} value={value} onChange={(event) => onChange(event.target.value)} />
    </Field>
  )
}

/** Whether a person is an admin. */
export function AdminBox({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <Checkbox
      label="Admin: may also approve servers, policy and people"
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
    />
  )
}
