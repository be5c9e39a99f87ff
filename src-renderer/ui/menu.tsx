import { clsx } from 'clsx'
import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { floating } from './floating.ts'
import { Kbd } from './kbd.tsx'
import { usePortal } from './portal.tsx'

/** One line of a menu; `note` says in small print what it would do. */
export type MenuItem = {
  label: string
  onSelect: () => void
  icon?: ReactNode
  note?: string
  kbd?: string
  danger?: boolean
  disabled?: boolean
}

/** A menu that opens from the button inside. It leaves the page usable and puts no style element into it. */
export function Menu({ items, label, children }: { items: readonly MenuItem[]; label: string; children: ReactNode }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal container={usePortal()}>
        <Radix.Content
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className={clsx(floating, 'min-w-44 max-w-96 p-1')}
        >
          {items.map((item) => (
            <Radix.Item
              key={item.label}
              disabled={item.disabled ?? false}
              onSelect={item.onSelect}
              className={clsx(
                'flex min-h-7 select-none items-center gap-2 rounded-sm px-2 py-1 outline-none data-disabled:opacity-50 data-highlighted:bg-hover',
                item.danger && 'text-denied-text',
              )}
            >
              {item.icon}
              <span className="flex-1">
                {item.label}
                {item.note && <span className="block text-faint text-small">{item.note}</span>}
              </span>
              {item.kbd && <Kbd keys={item.kbd} />}
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
