import { useLocation } from 'wouter'
import { places } from '../../../places.ts'
import { Card, Section } from '../../../ui/card.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { PolicySelect } from '../policy-select.tsx'
import { usePolicyChoice } from '../use-policy-choice.ts'
import { CallPicker } from './call-picker.tsx'
import { ExplainedCall } from './explained-call.tsx'

/** Any recorded call, and rule by rule why a policy decides it as it does. */
export function TryView() {
  const [location] = useLocation()
  const { chosen, choices, choose } = usePolicyChoice()
  const id = callIn(location)
  return (
    <div className="grid grid-cols-1 items-start gap-6 @4xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <Section title="Calls">
        <CallPicker selected={id} query={chosen.id === 'in_force' ? '' : `?policy=${chosen.id}`} />
      </Section>
      <div className="flex min-w-0 flex-col gap-4">
        <PolicySelect choices={choices} chosen={chosen} onChoose={choose} />
        {id === null ? (
          <Card>
            <EmptyState title="Choose a call">
              <p>You see which rules match it and why, which of them decides, and what would be without it.</p>
            </EmptyState>
          </Card>
        ) : (
          <ExplainedCall key={id} id={id} policy={chosen} />
        )}
      </div>
    </div>
  )
}

function callIn(location: string): string | null {
  const start = `${places.tryPolicy}/`
  if (!location.startsWith(start)) return null
  try {
    return decodeURIComponent(location.slice(start.length))
  } catch {
    return location.slice(start.length)
  }
}
