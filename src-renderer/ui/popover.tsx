import { clsx } from 'clsx'
import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { floating } from './floating.ts'
import { usePortal } from './portal.tsx'

type PopoverProps = {
  /** The button that opens it. */
  button: ReactNode
  title: string
  side?: 'top' | 'bottom'
  open?: boolean
  onOpenChange?: (open: boolean) => void
  children: ReactNode
}

/** A few facts or one small question beside the button that opened it. */
export function Popover({ button, title, side = 'bottom', open, onOpenChange, children }: PopoverProps) {
  const controlled = open === undefined ? {} : { open }
  return (
    <Radix.Root modal={false} {...controlled} {...(onOpenChange ? { onOpenChange } : {})}>
      <Radix.Trigger asChild>{button}</Radix.Trigger>
      <Radix.Portal container={usePortal()}>
        <Radix.Content
          aria-label={title}
          side={side}
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className={clsx(floating, 'max-h-(--radix-popover-content-available-height) w-88 overflow-y-auto p-3')}
        >
          <h2 className="mb-2">{title}</h2>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
