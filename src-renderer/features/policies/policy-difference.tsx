import type { PolicySource } from '../../../shared/policy-tools.ts'
import { failureText } from '../../say/failure-text.ts'
import { Skeleton } from '../../ui/states.tsx'
import { UnifiedDiff } from '../../ui/unified-diff.tsx'
import { useCall } from '../../use-call.ts'
import { BrokenPolicy } from './broken-policy.tsx'
import { ChangesList } from './changes-list.tsx'

/** `past`: it has happened, so that nothing waits any more. */
type PolicyDifferenceProps = { from: PolicySource; to: PolicySource; past?: boolean }

/** What one policy changes over another: in words first, then the text of its files. */
export function PolicyDifference({ from, to, past = false }: PolicyDifferenceProps) {
  const { value, error } = useCall('policy.diff', { from, to }, past ? [] : ['policy'])
  if (error) return <p className="text-denied-text">{failureText(error)}</p>
  if (!value) return <Skeleton className="h-24 w-full" />
  if (value.problems.length > 0) return <BrokenPolicy problems={value.problems} />
  return (
    <div className="flex flex-col gap-3">
      <ChangesList {...value} past={past} />
      {value.files.map(({ path, origin, change, diff }) => (
        <UnifiedDiff
          key={`${origin} ${path}`}
          label={`${path}${origin === 'org' ? ' (organisation)' : ''}: ${change}`}
          diff={diff}
        />
      ))}
    </div>
  )
}
