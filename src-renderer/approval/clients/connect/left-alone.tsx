import type { ConfigEntryView } from '../../../../shared/client-config.ts'
import { Hint } from '../../../ui/hint.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'

/** Servers that stay as they are, each with its reason; nothing when there are none. */
export function LeftAlone({ entries }: { entries: readonly ConfigEntryView[] }) {
  const left = entries.filter(({ guard }) => guard === 'left')
  if (left.length === 0) return null
  return (
    <div>
      <p className="text-muted">Left alone:</p>
      <ul className="list-disc pl-4">
        {left.map(({ name, place, why }) => (
          <li key={JSON.stringify(place)}>
            <b>
              <VisibleText text={name} />
            </b>
            : <Hint text={why ?? 'it cannot go through Toolgate'} />
          </li>
        ))}
      </ul>
    </div>
  )
}
