import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Kbd } from './kbd.tsx'
import { usePortal } from './portal.tsx'

/** Wraps the whole page, so that after a first tooltip the next ones come at once. */
export function TooltipGround({ children }: { children: ReactNode }) {
  return <Radix.Provider delayDuration={400}>{children}</Radix.Provider>
}

/** A short remark on the element inside, on hover and on focus. Nothing that a person must know stands only here. */
export function Tooltip({ text, kbd, children }: { text: ReactNode; kbd?: string; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal container={usePortal()}>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-80 items-center gap-2 rounded-md border border-line-strong bg-raised px-2 py-1 text-ink text-small"
        >
          {text}
          {kbd && <Kbd keys={kbd} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
