import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Badge } from './badge.tsx'

/** One tab: its words, a count beside them, and what it shows. */
export type Tab = { id: string; label: string; count?: number; content: ReactNode }

type TabsProps = { tabs: readonly Tab[]; label: string; selected: string; onSelect: (id: string) => void }

/** Several views of one thing, one at a time. */
export function Tabs({ tabs, label, selected, onSelect }: TabsProps) {
  return (
    <Radix.Root value={selected} onValueChange={onSelect}>
      <Radix.List aria-label={label} className="flex gap-4 border-line border-b">
        {tabs.map(({ id, label, count }) => (
          <Radix.Trigger
            key={id}
            value={id}
            className="-mb-px flex h-9 items-center gap-1.5 border-transparent border-b-2 text-muted transition-colors hover:text-ink data-[state=active]:border-accent-text data-[state=active]:font-strong data-[state=active]:text-ink"
          >
            {label}
            {count !== undefined && <Badge>{count}</Badge>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ id, content }) => (
        <Radix.Content key={id} value={id} className="pt-4">
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
