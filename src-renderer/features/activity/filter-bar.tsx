import { clsx } from 'clsx'
import { Search, X } from 'lucide-react'
import type { RefObject } from 'react'
import { printable } from '../../../shared/printable.ts'
import { IconButton } from '../../ui/button.tsx'
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
  /** The title stands on the same line. */
  oneLine: boolean
}

/** What the list is narrowed to, in one line of small controls. */
export function FilterBar({ filters, servers, clients, onChange, field, oneLine }: FilterBarProps) {
  const change = (part: Partial<Filters>) => onChange({ ...filters, ...part })
  return (
    <search className={clsx('flex min-w-0 items-center gap-2', oneLine ? 'flex-1 justify-end' : 'flex-wrap')}>
      <span className={clsx('relative min-w-28', oneLine ? 'w-64' : 'flex-1')}>
        <Search size={14} className="pointer-events-none absolute top-[9px] left-2 text-faint" aria-hidden="true" />
        <Input
          ref={field}
          type="text"
          role="searchbox"
          aria-label="Filter by words"
          placeholder="Client, tool, rule, reason"
          className="text-ellipsis pr-7 pl-7"
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
        all="Any decision"
        value={filters.show}
        choices={Object.entries(showWords).map(([value, words]) => ({ value, words }))}
        onChange={(show) => change({ show: show as Filters['show'] })}
      />
      <Choose
        label="Server"
        all="Any server"
        value={filters.server}
        choices={servers}
        onChange={(server) => change({ server })}
      />
      <Choose
        label="Client"
        all="Any client"
        value={filters.client}
        choices={clients}
        onChange={(client) => change({ client })}
      />
      {narrows(filters) && (
        <IconButton label="Clear the filters" onClick={() => onChange(noFilters)}>
          <X size={16} aria-hidden="true" />
        </IconButton>
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
      className="w-32"
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
