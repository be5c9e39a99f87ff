import type { Ref } from 'react'
import { Field, Input } from '../../ui/field.tsx'

type PinFieldProps = {
  label: string
  value: string
  onChange: (value: string) => void
  error?: string | null
  hint?: string
  fresh?: boolean
  focused?: boolean
  disabled?: boolean
  ref?: Ref<HTMLInputElement>
}

/** A field for a PIN: never shown, never kept by the browser's own forms. `fresh`: it is being chosen. */
export function PinField({ label, value, onChange, error = null, hint, fresh, focused, disabled, ref }: PinFieldProps) {
  return (
    <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      <Input
        type="password"
        ref={ref}
        autoFocus={focused}
        autoComplete={fresh ? 'new-password' : 'current-password'}
        maxLength={128}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
