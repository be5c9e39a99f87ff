import { type ReactNode, useEffect, useRef, useState } from 'react'

/** How far from what is in sight something is drawn already. `scrollMargin` counts in a scroller inside the page. */
const margins = { rootMargin: '600px', scrollMargin: '600px' }

const watched = new WeakMap<Element, (near: boolean, height: number) => void>()
let observer: IntersectionObserver | null = null

/** Calls back whenever the element comes near to what is in sight, and when it no longer is. */
function watchNear(element: Element, onChange: (near: boolean, height: number) => void): () => void {
  observer ??= new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      watched.get(target)?.(isIntersecting, boundingClientRect.height)
    }
  }, margins)
  watched.set(element, onChange)
  observer.observe(element)
  return () => observer?.unobserve(element)
}

type NearProps = { height: number; draw: () => ReactNode }

/** Draws a part of something very long while it is near to what is in sight, and else only keeps its place. `height`: a guess, in pixels. */
export function Near({ height, draw }: NearProps) {
  const box = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(false)
  const [kept, setKept] = useState(height)
  useEffect(() => {
    if (!box.current) return
    return watchNear(box.current, (now, drawn) => {
      if (!now && drawn > 0) setKept(drawn)
      setNear(now)
    })
  }, [])
  return (
    <div ref={box} style={near ? undefined : { height: kept }}>
      {near && draw()}
    </div>
  )
}
