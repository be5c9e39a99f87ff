import { Search, X } from 'lucide-react'
import type { RefObject } from 'react'
import { printable } from '../../../shared/printable.ts'
import { Button } from '../../ui/button.tsx'
import { Input, Select } from '../../ui/field.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { type Filters, narrows, noFilters, type Show } from './filters.ts'

const showWords: Record<Show, string> = {
  allowed: 'Allowed',
  constrained: 'Constrained',
  asked: 'Asked a person',
  waiting: 'Waiting',
  denied: 'Denied',
  failed: 'Failed',
  withheld: 'Withheld',
  findings: 'Something found',
}

/** Something to choose by: what the address holds, and what people read. */
export type Choice = { value: string; words: string }

type FilterBarProps = {
  filters: Filters
  servers: readonly Choice[]
  clients: readonly Choice[]
  onChange: (filters: Filters) => void
  /** The field for words, which `/` leads to. */
  field: RefObject<HTMLInputElement | null>
}

/** What the list is narrowed to, in one line of small controls. */
export function FilterBar({ filters, servers, clients, onChange, field }: FilterBarProps) {
  const change = (part: Partial<Filters>) => onChange({ ...filters, ...part })
  return (
    <search className="flex min-w-0 flex-1 flex-wrap items-center justify-end gap-2">
      <span className="relative w-64 min-w-40 shrink">
        <Search size={14} className="pointer-events-none absolute top-[9px] left-2 text-faint" aria-hidden="true" />
        <Input
          ref={field}
          type="text"
          role="searchbox"
          aria-label="Filter by words"
          placeholder="Client, tool, rule, reason"
          className="pr-7 pl-7"
          value={filters.text}
          onChange={(event) => change({ text: event.target.value })}
        />
        {filters.text === '' && (
          <span className="pointer-events-none absolute top-[7px] right-2" aria-hidden="true">
            <Kbd keys="/" />
          </span>
        )}
      </span>
      <Choose
        label="Decision"
        all="Every decision"
        value={filters.show}
        choices={Object.entries(showWords).map(([value, words]) => ({ value, words }))}
        onChange={(show) => change({ show: show as Filters['show'] })}
      />
      <Choose
        label="Server"
        all="Every server"
        value={filters.server}
        choices={servers}
        onChange={(server) => change({ server })}
      />
      <Choose
        label="Client"
        all="Every client"
        value={filters.client}
        choices={clients}
        onChange={(client) => change({ client })}
      />
      {narrows(filters) && (
        <Button look="ghost" icon={<X size={14} aria-hidden="true" />} onClick={() => onChange(noFilters)}>
          Clear
        </Button>
      )}
    </search>
  )
}

type ChooseProps = {
  label: string
  all: string
  value: string
  choices: readonly Choice[]
  onChange: (value: string) => void
}

function Choose({ label, all, value, choices, onChange }: ChooseProps) {
  // What the address names is offered, whether or not there is such a thing any more.
  const known = value === '' || choices.some((choice) => choice.value === value)
  return (
    <Select
      aria-label={label}
      className="w-36"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      data-set={value !== ''}
    >
      <option value="">{all}</option>
      {[...choices, ...(known ? [] : [{ value, words: value }])].map((choice) => (
        <option key={choice.value} value={choice.value}>
          {printable(choice.words)}
        </option>
      ))}
    </Select>
  )
}
