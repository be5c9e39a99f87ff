import { clsx } from 'clsx'
import { Link } from 'wouter'
import { Card } from '../../ui/card.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** A line of a short list that compares: `count` makes its bar, `told` says it in words. */
export type BarLine = { key: string; name: string; of?: string; href: string | null; count: number; told: string }

/** What there is most of, each with a bar as long as its share of the first; `tone` is the hue of what is counted. */
export function BarList({ lines, none, tone }: { lines: readonly BarLine[]; none: string; tone: 'asked' | 'plain' }) {
  const [first] = lines
  if (!first) return <Card className="px-4 py-6 text-center text-muted">{none}</Card>
  return (
    <Card>
      <ul className="divide-y divide-line">
        {lines.map((line) => (
          <li key={line.key} className="flex flex-col gap-1 px-4 py-2.5">
            <span className="flex items-baseline justify-between gap-3">
              <Name line={line} />
              <span className="shrink-0 text-muted">{line.told}</span>
            </span>
            <span className="block h-1 overflow-hidden rounded-full bg-line">
              <span
                className={clsx('block h-full rounded-full', tone === 'asked' ? 'bg-asked-solid' : 'bg-accent')}
                style={{ width: `${Math.max(2, (100 * line.count) / first.count)}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Name({ line: { name, of, href } }: { line: BarLine }) {
  const text = (
    <>
      {of !== undefined && (
        <span className="font-normal text-muted">
          <VisibleText text={of} /> ›{' '}
        </span>
      )}
      <VisibleText text={name} />
    </>
  )
  const look = 'min-w-0 font-strong [overflow-wrap:anywhere]'
  if (href === null) return <span className={look}>{text}</span>
  return (
    <Link href={href} className={clsx(look, 'hover:text-accent-text hover:underline')}>
      {text}
    </Link>
  )
}
