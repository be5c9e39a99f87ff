import { X } from 'lucide-react'
import { type ReactNode, useLayoutEffect, useState } from 'react'
import { IconButton } from './button.tsx'
import { Portal } from './portal.tsx'

type OverlayProps = { label: string; onClose: () => void; className?: string; children: ReactNode }

/**
 * A floating layer over a page that waits: the browser's own dialog, which keeps the focus inside, closes on Esc and gives
 * the focus back, and needs no script or style of anybody else. What carries `data-autofocus` has the focus first.
 */
export function Overlay({ label, onClose, className = '', children }: OverlayProps) {
  const [element, setElement] = useState<HTMLDialogElement | null>(null)
  useLayoutEffect(() => {
    if (!element) return
    element.showModal()
    // Left alone, the focus would be on the first button, which is Close.
    const first = element.querySelector<HTMLElement>('[data-autofocus]') ?? element
    first.focus()
    // Before the element leaves the page, or the focus could not go back to where it was.
    return () => element.close()
  }, [element])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it already; this is the same for a pointer beside it
    <dialog
      ref={setElement}
      tabIndex={-1}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === element) onClose()
      }}
      className={`m-auto max-w-[calc(100vw-32px)] rounded-md bg-raised p-0 text-ink shadow-float outline-none backdrop:bg-[light-dark(#15192033,#00000080)] ${className}`}
    >
      <Portal value={element}>{children}</Portal>
    </dialog>
  )
}

/** `wide`: it shows texts side by side, or long lines. */
type DialogProps = { title: string; onClose: () => void; wide?: boolean; children: ReactNode; actions?: ReactNode }

/** A question or a form that has to be settled first. For reading there is the drawer. */
export function Dialog({ title, onClose, wide = false, children, actions }: DialogProps) {
  return (
    <Overlay label={title} onClose={onClose} className={wide ? 'w-200' : 'w-120'}>
      <header className="flex h-12 items-center justify-between border-line border-b pr-2 pl-4">
        <h2>{title}</h2>
        <IconButton label="Close" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="p-4">{children}</div>
      {actions && <footer className="flex justify-end gap-2 border-line border-t px-4 py-3">{actions}</footer>}
    </Overlay>
  )
}
