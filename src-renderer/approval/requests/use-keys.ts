import { useEffect, useRef } from 'react'
import { type KeyDeed, keyDeed } from './keys.ts'

const textual = 'input, textarea, select, [contenteditable]'
/** While one of these is open, keys belong to it. */
const floating = 'dialog[open], [role="menu"][data-state="open"]'

/** Hears the keys of the approval page wherever the focus is. */
export function useKeys(onDeed: (deed: KeyDeed) => void): void {
  const latest = useRef(onDeed)
  latest.current = onDeed
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector(floating)) return
      const target = event.target instanceof Element ? event.target : null
      const typing = target?.closest(textual) !== null && target !== null
      const scrolling = target?.closest('[data-scrolls]') !== null && target !== null
      const deed = keyDeed(event, { typing, scrolling })
      if (!deed) return
      event.preventDefault()
      latest.current(deed)
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [])
}
