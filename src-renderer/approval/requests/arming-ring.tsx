import { useEffect, useRef } from 'react'

const radius = 6
const around = 2 * Math.PI * radius

/** A ring that closes in `ms`: until it has, the button it stands on does nothing. Still where motion is not wanted. */
export function ArmingRing({ ms }: { ms: number }) {
  const ring = useRef<SVGCircleElement>(null)
  useEffect(() => {
    if (ms <= 0 || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const closing = ring.current?.animate([{ strokeDashoffset: around }, { strokeDashoffset: 0 }], ms)
    return () => closing?.cancel()
  }, [ms])
  return (
    <svg viewBox="0 0 16 16" width={14} height={14} fill="none" aria-hidden="true" className="-rotate-90">
      <circle cx={8} cy={8} r={radius} strokeWidth={2.5} className="stroke-line-strong" />
      <circle ref={ring} cx={8} cy={8} r={radius} strokeWidth={2.5} stroke="currentColor" strokeDasharray={around} />
    </svg>
  )
}
