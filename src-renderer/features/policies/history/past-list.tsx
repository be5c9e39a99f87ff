import { clsx } from 'clsx'
import { Link } from 'wouter'
import type { PolicyPast } from '../../../../shared/policy-tools.ts'
import { places } from '../../../places.ts'
import { asSentence } from '../../../say/as-sentence.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Card } from '../../../ui/card.tsx'
import { Chip } from '../../../ui/chip.tsx'
import { Hint } from '../../../ui/hint.tsx'
import { Time } from '../../../ui/time.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'

/** The policies that were in force, newest first. */
export function PastList({ past, chosen }: { past: readonly PolicyPast[]; chosen: number }) {
  return (
    <Card className="overflow-hidden">
      <ol className="max-h-[max(200px,calc(100vh-240px))] divide-y divide-line overflow-auto">
        {past.map(({ hash, in_force_at, author, reviewer, reason, in_force }, at) => (
          <li key={`${hash} ${in_force_at}`}>
            <Link
              href={places.pastPolicy(hash, in_force_at)}
              aria-current={at === chosen ? 'true' : undefined}
              className={clsx('block px-3 py-2 -outline-offset-2', at === chosen ? 'bg-selected' : 'hover:bg-hover')}
            >
              <span className="flex items-center gap-2">
                <code>{hash.slice(0, 7)}</code>
                {in_force && <Chip tone="allowed" word="In force" />}
                {reviewer !== null && <Badge>confirmed</Badge>}
                <span className="ml-auto text-muted">
                  <Time at={in_force_at} />
                </span>
              </span>
              <span className="line-clamp-2">
                <Hint text={asSentence(reason)} />
              </span>
              <span className="text-muted">
                <VisibleText text={author} />
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </Card>
  )
}
