import { Link } from 'wouter'
import type { PolicySuggestion } from '../../../../shared/policy-tools.ts'
import { places } from '../../../places.ts'
import { asSentence } from '../../../say/as-sentence.ts'
import { AskedFor } from '../../../show/asked-for.tsx'
import { Hint } from '../../../ui/hint.tsx'
import { Time } from '../../../ui/time.tsx'
import { Checkbox } from '../../../ui/toggle.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'

type SuggestedRuleProps = { rule: PolicySuggestion['rules'][number]; chosen: boolean; onToggle: () => void }

/** One rule that could be, in words, with the newest calls that it would match. */
export function SuggestedRule({ rule: { id, summary, matches, calls }, chosen, onToggle }: SuggestedRuleProps) {
  const more = matches - calls.length
  return (
    <li className="grid grid-cols-1 gap-x-6 gap-y-2 px-3 py-3 @3xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div>
        <Checkbox
          checked={chosen}
          onChange={onToggle}
          label={
            <b>
              <VisibleText text={id} />
            </b>
          }
        />
        <p className="pl-5.5 text-muted">
          <Hint text={asSentence(summary)} />
        </p>
      </div>
      <div>
        <p className="text-muted">Would match {matches === 1 ? 'one call' : `${matches.toLocaleString('en')} calls`}</p>
        <ul>
          {calls.map((call) => (
            <li key={call.call_id} className="flex items-baseline justify-between gap-3">
              <Link
                href={places.call(call.call_id)}
                className="min-w-0 truncate hover:text-accent-text hover:underline"
              >
                <AskedFor server={call.server} kind={call.kind} name={call.tool} />
              </Link>
              <span className="shrink-0 text-muted">
                <Time at={call.at} />
              </span>
            </li>
          ))}
          {more > 0 && <li className="text-muted">and {more.toLocaleString('en')} more</li>}
        </ul>
      </div>
    </li>
  )
}
