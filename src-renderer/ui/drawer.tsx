import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { IconButton } from './button.tsx'

const narrowest = 360
const widest = 900
const keptAs = 'toolgate.drawer'

type DrawerProps = {
  title: ReactNode
  label: string
  onClose: () => void
  /** Takes all the room there is, where there is not enough for two. */
  alone?: boolean
  children: ReactNode
}

/** Details beside what they belong to: 480 px, wider or narrower by its edge, never in the way of the page. Esc closes it. */
export function Drawer({ title, label, onClose, alone = false, children }: DrawerProps) {
  const [width, setWidth] = useState(() => bounded(Number(localStorage.getItem(keptAs)) || 480))
  const box = useRef<HTMLElement>(null)
  // What had the focus is hidden behind it.
  useEffect(() => {
    if (alone) box.current?.focus()
  }, [alone])
  const drag = useRef<{ x: number; width: number } | null>(null)
  const resize = (next: number) => {
    setWidth(bounded(next))
    localStorage.setItem(keptAs, String(bounded(next)))
  }
  return (
    <aside
      ref={box}
      tabIndex={-1}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose()
      }}
      className={clsx(
        'relative flex min-h-0 flex-col border-line bg-surface outline-none',
        alone ? 'min-w-0 flex-1' : 'max-w-[60vw] shrink-0 border-l',
      )}
      style={alone ? undefined : { width }}
    >
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the details"
        aria-valuenow={width}
        aria-valuemin={narrowest}
        aria-valuemax={widest}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') resize(width + 16)
          if (event.key === 'ArrowRight') resize(width - 16)
        }}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, width }
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={(event) => {
          if (drag.current) resize(drag.current.width + drag.current.x - event.clientX)
        }}
        onPointerUp={() => {
          drag.current = null
        }}
        className="-left-1 absolute inset-y-0 z-10 w-2 cursor-col-resize"
      />
      <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate font-strong">{title}</h2>
        <IconButton label="Close the details" kbd="Esc" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
    </aside>
  )
}

function bounded(width: number): number {
  return Math.min(widest, Math.max(narrowest, Math.round(width)))
}
