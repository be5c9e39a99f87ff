import type { ReactNode } from 'react'

type FactLineProps = { icon: ReactNode; name: string; look?: string; children: ReactNode }

/** One fact about a request beside its icon; its name is for those who listen. */
export function FactLine({ icon, name, look = 'text-muted', children }: FactLineProps) {
  return (
    <div className={`flex gap-2 ${look}`}>
      <span className="mt-[3px] shrink-0" aria-hidden="true">
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <span className="sr-only">{name}: </span>
        {children}
      </div>
    </div>
  )
}
