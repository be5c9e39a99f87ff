import { useId } from 'react'
import { tenantWords } from '../say/tenant.ts'
import { Select } from '../ui/field.tsx'

type TenantChoiceProps = {
  /** Begins the sentence that the choice ends. */
  label: string
  tenant: string | null
  tenants: readonly string[]
  onChoose: (tenant: string | null) => void
}

/** For whom a client works: nobody in particular, or one of those that are known here. */
export function TenantChoice({ label, tenant, tenants, onChoose }: TenantChoiceProps) {
  const id = useId()
  return (
    <span className="flex flex-wrap items-center gap-2">
      <label htmlFor={id}>{label}</label>
      <Select
        id={id}
        className="max-w-full"
        value={tenant ?? ''}
        onChange={({ target: { value } }) => onChoose(value === '' ? null : value)}
      >
        {[null, ...tenants].map((each) => (
          <option key={each ?? ''} value={each ?? ''}>
            {tenantWords(each)}
          </option>
        ))}
      </Select>
    </span>
  )
}
