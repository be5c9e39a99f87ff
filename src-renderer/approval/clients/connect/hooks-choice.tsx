import type { FoundClient } from '../../../../shared/client-config.ts'
import { Hint } from '../../../ui/hint.tsx'
import { Checkbox } from '../../../ui/toggle.tsx'

type HooksChoiceProps = { clients: readonly FoundClient[]; on: boolean; onChange: (on: boolean) => void }

/** Whether the tools that are built into the clients are to be decided here too; nothing where that is so, or cannot be. */
export function HooksChoice({ clients, on, onChange }: HooksChoiceProps) {
  const able = clients.filter(({ hooks }) => hooks !== null && !hooks.on)
  if (able.length === 0) return null
  const [one] = able
  return (
    <div className="rounded-md border border-line px-3 py-2">
      <Checkbox
        label={
          <span className="font-strong">Decide their own tools too: {able.map(({ name }) => name).join(', ')}</span>
        }
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
      <p className="pl-[22px] text-muted">
        Shell and file tools that are built in are then asked about before they run. Until you approve them as a server,
        they are refused.
        {able.length === 1 && one?.hooks && (
          <>
            {' '}
            <Hint text={`What that cannot promise: ${one.hooks.limits}.`} />
          </>
        )}
      </p>
    </div>
  )
}
