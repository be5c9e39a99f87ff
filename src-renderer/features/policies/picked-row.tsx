import { clsx } from 'clsx'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'wouter'

/** A row of a list that leads to what it names; the one that is shown comes into sight. */
export function PickedRow({ href, selected, children }: { href: string; selected: boolean; children: ReactNode }) {
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (selected) element.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  return (
    <li ref={element}>
      <Link
        href={href}
        aria-current={selected ? 'true' : undefined}
        className={clsx('block px-3 py-2 -outline-offset-2', selected ? 'bg-selected' : 'hover:bg-hover')}
      >
        {children}
      </Link>
    </li>
  )
}
