import { useLocation, useSearch } from 'wouter'
import { Field, Select } from '../../ui/field.tsx'

/** Days that can be looked back. */
const spans = [1, 7, 30, 90, 365] as const

/** How far the address looks back, in days, and how to look back further. */
export function useDays(usual: number): { days: number; setDays: (days: number) => void } {
  const [location, go] = useLocation()
  const query = new URLSearchParams(useSearch())
  const asked = Number(query.get('days'))
  const setDays = (days: number) => {
    query.set('days', String(days))
    go(`${location}?${query}`, { replace: true })
  }
  return { days: spans.find((span) => span === asked) ?? usual, setDays }
}

/** How far to look back. */
export function DaysSelect({ days, onChange }: { days: number; onChange: (days: number) => void }) {
  return (
    <Field label="Calls of the last">
      <Select value={days} onChange={(event) => onChange(Number(event.target.value))} className="w-36">
        {spans.map((span) => (
          <option key={span} value={span}>
            {span === 1 ? '24 hours' : span === 365 ? 'year' : `${span} days`}
          </option>
        ))}
      </Select>
    </Field>
  )
}
