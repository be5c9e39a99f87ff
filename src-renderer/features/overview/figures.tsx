import type { CallFigures, Figure } from './call-figures.ts'
import { HourBars } from './hour-bars.tsx'

type FiguresProps = {
  figures: CallFigures
  /** There are calls that were not counted, and how many were. */
  bound: number | null
}

/** Today's calls in four figures, each hour by hour; all of it counted from the record. */
export function Figures({ figures, bound }: FiguresProps) {
  const { all, ran, asked, refused } = figures
  return (
    <div>
      <dl className="grid grid-cols-2 overflow-hidden rounded-md border border-line bg-raised @3xl:grid-cols-4 [&>*]:-mt-px [&>*]:-ml-px [&>*]:border-line [&>*]:border-t [&>*]:border-l">
        <One name="Calls today" figure={all} bar="fill-edge" note={none(all, 'no call since midnight')} />
        <One name="Ran" figure={ran} bar="fill-allowed-solid" note={none(ran, 'no tool was reached')} />
        <One name="Asked you" figure={asked} bar="fill-asked-solid" note={none(asked, 'nobody was asked')} />
        <One name="Denied" figure={refused} bar="fill-denied-solid" note={none(refused, 'no call was denied')} />
      </dl>
      {bound !== null && (
        <p className="mt-1 text-faint text-small">Counted from the newest {bound.toLocaleString('en')} calls.</p>
      )}
    </div>
  )
}

function none({ count }: Figure, words: string): string {
  return count === 0 ? words : 'by hour, since midnight'
}

function One({ name, figure, bar, note }: { name: string; figure: Figure; bar: string; note: string }) {
  return (
    <div className="flex flex-col px-4 py-3">
      <dt className="text-muted">{name}</dt>
      <dd className="mt-1 flex items-end justify-between gap-3">
        <span className="font-strong text-title">{figure.count.toLocaleString('en')}</span>
        <HourBars hours={figure.hours} bar={bar} />
      </dd>
      <dd className="text-faint text-small">{note}</dd>
    </div>
  )
}
