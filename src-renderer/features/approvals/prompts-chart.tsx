const height = 48

/** How many prompts came in each hour, oldest first, as bars. */
export function PromptsChart({ perHour }: { perHour: readonly number[] }) {
  const most = Math.max(1, ...perHour)
  const busiest = Math.max(0, ...perHour)
  return (
    <figure className="flex flex-col gap-1">
      <svg
        role="img"
        aria-label={`Prompts in each of ${perHour.length} hours, at most ${busiest} in one`}
        viewBox={`0 0 ${perHour.length} ${height}`}
        preserveAspectRatio="none"
        className="h-16 w-full"
      >
        {perHour.map((prompts, hour) => {
          const tall = (prompts / most) * height
          // Hours have no name of their own: their place is what they are.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          return <rect key={hour} x={hour + 0.1} y={height - tall} width={0.8} height={tall} className="fill-accent" />
        })}
        <rect x={0} y={height - 1} width={perHour.length} height={1} className="fill-line-strong" />
      </svg>
      <figcaption className="flex justify-between text-faint text-small">
        <span>
          {perHour.length >= 48 ? `${Math.round(perHour.length / 24)} days ago` : `${perHour.length} hours ago`}
        </span>
        <span>at most {busiest} in an hour</span>
        <span>now</span>
      </figcaption>
    </figure>
  )
}
