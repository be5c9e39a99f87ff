import { Link } from 'wouter'
import { places } from '../../places.ts'
import { Card } from '../../ui/card.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import type { NoisyRule } from './call-figures.ts'

/** The rules that interrupt most: where a better rule would save the most questions. */
export function NoisyRules({ rules }: { rules: readonly NoisyRule[] }) {
  const [most] = rules
  if (!most) {
    return <Card className="px-4 py-6 text-center text-muted">No rule has asked or denied in the newest calls.</Card>
  }
  const loudest = most.asked + most.refused
  return (
    <Card>
      <ul className="divide-y divide-line">
        {rules.map(({ id, asked, refused }) => (
          <li key={id} className="flex flex-col gap-1 px-4 py-2.5">
            <span className="flex items-baseline justify-between gap-3">
              <Link href={places.rule(id)} className="min-w-0 font-strong hover:text-accent-text hover:underline">
                <VisibleText text={id} />
              </Link>
              <span className="shrink-0 text-muted">{told(asked, refused)}</span>
            </span>
            <span className="block h-1 overflow-hidden rounded-full bg-line">
              <span
                className="block h-full rounded-full bg-asked-solid"
                style={{ width: `${Math.max(2, (100 * (asked + refused)) / loudest)}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function told(asked: number, refused: number): string {
  const parts = [asked > 0 ? `asked ${asked}` : '', refused > 0 ? `denied ${refused}` : '']
  return parts.filter((part) => part !== '').join(', ')
}
