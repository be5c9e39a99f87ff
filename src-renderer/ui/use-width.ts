import { type RefObject, useLayoutEffect, useState } from 'react'

/** Width of an element in CSS pixels, as it changes; in steps of 20, so that dragging an edge draws little anew. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1_000)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    const observer = new ResizeObserver(() => setWidth(Math.floor(current.clientWidth / 20) * 20))
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return width
}
