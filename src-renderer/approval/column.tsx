import { clsx } from 'clsx'
import type { ReactNode } from 'react'

type ColumnProps = {
  title: string
  lead?: ReactNode
  wide?: boolean
  /** It may be long and hold nothing that takes the focus: then it does itself, so that it scrolls by keyboard. */
  reads?: boolean
  children: ReactNode
}

/** One task of the approval page in a column in the middle: what it is for, then what there is to do. */
export function Column({ title, lead, wide = false, reads = false, children }: ColumnProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <section
        aria-label={title}
        // What scrolls must be reached with the keyboard.
        tabIndex={reads ? 0 : undefined}
        className={clsx('mx-auto flex flex-col gap-4 px-4 py-5', wide ? 'max-w-190' : 'max-w-130')}
      >
        <header>
          <h2 className="text-large">{title}</h2>
          {lead && <div className="mt-1 text-muted">{lead}</div>}
        </header>
        {children}
      </section>
    </div>
  )
}
