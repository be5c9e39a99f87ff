import { useEffect, useRef } from 'react'
import { type KeyDeed, keyDeed } from './keys.ts'

const textual = 'input:not([type="radio"]), textarea, select, [contenteditable]'
/** While one of these is open, keys belong to it. A tooltip is none of them: it is there because of the pointer. */
const floating = 'dialog[open], [role="menu"][data-state="open"], [role="dialog"][data-state="open"]'

/** Hears the keys of the approval page wherever the focus is. */
export function useKeys(onDeed: (deed: KeyDeed) => void): void {
  const latest = useRef(onDeed)
  latest.current = onDeed
  useEffect(() => {
    const hear = (event: KeyboardEvent): boolean => {
      if (document.querySelector(floating)) return false
      const target = event.target instanceof Element ? event.target : null
      const typing = target?.closest(textual) !== null && target !== null
      const scrolling = target?.closest('[data-scrolls]') !== null && target !== null
      const deed = keyDeed(event, { typing, scrolling })
      if (deed) latest.current(deed)
      return deed !== null
    }
    // Esc on its way down: an open tooltip takes it for itself on the way, and the person would believe to have denied.
    const down = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hear(event)
    }
    const up = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' && !event.defaultPrevented && hear(event)) event.preventDefault()
    }
    window.addEventListener('keydown', down, { capture: true })
    window.addEventListener('keydown', up)
    return () => {
      window.removeEventListener('keydown', down, { capture: true })
      window.removeEventListener('keydown', up)
    }
  }, [])
}
