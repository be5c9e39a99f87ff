import { Hint } from '../../../ui/hint.tsx'
import { Notice } from '../../notice.tsx'

/** Files that are left alone, each with its reason; nothing when there are none. */
export function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null
  return (
    <Notice tone="asked">
      <p className="font-strong">{problems.length === 1 ? 'One file is left alone' : 'These files are left alone'}</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>
            <Hint text={problem} />
          </li>
        ))}
      </ul>
      <p className="text-muted">Put them right in an editor, then look again.</p>
    </Notice>
  )
}
