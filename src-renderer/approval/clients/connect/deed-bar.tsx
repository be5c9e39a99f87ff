import type { ReactNode } from 'react'

/** The button that does what a page is for, always in sight below what is read first. */
export function DeedBar({ note, children }: { note: string; children: ReactNode }) {
  return (
    <div className="sticky bottom-0 -mx-4 -mb-5 flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-t bg-surface px-4 py-3">
      {children}
      <span className="text-muted">{note}</span>
    </div>
  )
}
