const height = 24
const step = 4

/** Counts hour by hour as thin bars, the current hour at the right; `bar` is the class that fills them. */
export function HourBars({ hours, bar }: { hours: readonly number[]; bar: string }) {
  const most = Math.max(1, ...hours)
  return (
    <svg
      viewBox={`0 0 ${24 * step} ${height}`}
      width={24 * step}
      height={height}
      aria-hidden="true"
      className="shrink-0 overflow-visible"
    >
      {Array.from({ length: 24 }, (_, hour) => {
        const count = hours[hour] ?? 0
        const tall = count === 0 ? 1 : Math.max(3, Math.round((count / most) * height))
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its number
            key={hour}
            x={hour * step}
            y={height - tall}
            width={step - 1}
            height={tall}
            rx={tall > 2 ? 1 : 0}
            className={count === 0 ? 'fill-line-strong' : bar}
          />
        )
      })}
    </svg>
  )
}
