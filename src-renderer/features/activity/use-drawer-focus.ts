import { type RefObject, useEffect, useRef } from 'react'

/** Brings the focus back to the list when the details close, however they did; Escape closes them from nowhere in particular too. */
export function useDrawerFocus(openId: string | null, list: RefObject<HTMLElement | null>, close: () => void): void {
  const before = useRef(openId)
  useEffect(() => {
    // Only now is the list there again, if the details had taken its place.
    if (before.current !== null && openId === null) list.current?.focus()
    before.current = openId
  }, [openId, list])
  const latest = useRef(close)
  useEffect(() => {
    latest.current = close
  })
  useEffect(() => {
    if (openId === null) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && event.target === document.body && !event.defaultPrevented) latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [openId])
}
