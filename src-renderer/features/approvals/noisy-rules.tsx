import { Link } from 'wouter'
import type { NoiseView } from '../../../shared/fatigue.ts'
import { printable } from '../../../shared/printable.ts'
import { places } from '../../places.ts'
import { Table } from '../../ui/table.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

type NoisyRule = NoiseView['rules'][number]

/** The rules that asked most, each with the way to its lines in the editor. */
export function NoisyRules({ rules }: { rules: readonly NoisyRule[] }) {
  return (
    <Table<NoisyRule>
      label="Rules that asked most"
      rows={rules}
      keyOf={({ name }) => name}
      columns={[
        { head: 'Rule', cell: ({ name }) => <Name name={name} /> },
        { head: 'Asked', width: '80px', end: true, cell: ({ prompts }) => prompts },
        { head: 'Allowed', width: '96px', end: true, cell: ({ approved, prompts }) => percent(approved, prompts) },
        { head: 'Change it', width: '220px', cell: ({ name, at }) => <Place name={name} at={at} /> },
      ]}
    />
  )
}

function Name({ name }: { name: string }) {
  return (
    <code>
      <VisibleText text={name} />
    </code>
  )
}

function Place({ name, at }: Pick<NoisyRule, 'name' | 'at'>) {
  if (!at) return <span className="text-faint">no longer in the policy</span>
  return (
    <Link
      href={places.editFile(at.file, at.line)}
      aria-label={printable(`${at.file}:${at.line}, edit ${name}`)}
      className="text-accent-text hover:underline"
    >
      <VisibleText text={`${at.file}:${at.line}`} />
    </Link>
  )
}

function percent(part: number, all: number): string {
  return `${Math.round((part / Math.max(all, 1)) * 100)} %`
}
