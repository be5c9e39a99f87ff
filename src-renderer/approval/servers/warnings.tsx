import { TriangleAlert } from 'lucide-react'
import { Hint } from '../../ui/hint.tsx'

/** What looks wrong in a server's words. */
export function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null
  return (
    <ul className="flex flex-col gap-0.5 text-asked-text">
      {warnings.map((warning) => (
        <li key={warning} className="flex gap-1.5">
          <TriangleAlert size={13} className="mt-1 shrink-0" aria-hidden="true" />
          <span>
            <Hint text={warning} />
          </span>
        </li>
      ))}
    </ul>
  )
}
