import { type RefObject, useEffect, useRef } from 'react'
import type { SeenInFull } from './use-seen.ts'
import type { Shown } from './use-ticket.ts'

/** Marks to put at the end of what must have been in sight: of the arguments, and of all else. */
export type EndMarks = { args: RefObject<HTMLDivElement | null>; rest: RefObject<HTMLDivElement | null> }

/**
 * Tells once both ends of a request have been in sight while it could be answered: it was shown in full. Whoever scrolls it
 * to its end has had all of it before them; whether they read it nobody can know.
 */
export function useReadThrough(shown: Shown, onRead: (seen: SeenInFull) => void): EndMarks {
  const args = useRef<HTMLDivElement>(null)
  const rest = useRef<HTMLDivElement>(null)
  const latest = useRef(onRead)
  latest.current = onRead
  const { view, ticket, armed } = shown
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ticket stands for what is shown
  useEffect(() => {
    const ends = [args.current, rest.current]
    if (!armed || ticket === null) return
    const met = new Set<Element>()
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) met.add(target)
      if (ends.every((end) => end !== null && met.has(end))) latest.current({ view, ticket })
    })
    for (const end of ends) if (end) observer.observe(end)
    return () => observer.disconnect()
  }, [ticket, armed])
  return { args, rest }
}
