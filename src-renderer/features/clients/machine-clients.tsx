import { Plug } from 'lucide-react'
import type { FoundClient } from '../../../shared/client-config.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { MachineClient } from './machine-client.tsx'

/** The AI clients that are installed here, and how each of their servers stands towards Toolgate. */
export function MachineClients({ home }: { home: string | null }) {
  const { value: found, error, refresh } = useCall('configs.find', {}, ['clients', 'servers', 'status'])
  const open = found?.some(({ files }) => files.some(({ entries }) => entries.some(isBypassed))) ?? false
  return (
    <Section
      title="Clients on this machine"
      aside={
        open && (
          <OpenApprovalsButton at="/clients/connect" look="primary">
            Connect all
          </OpenApprovalsButton>
        )
      }
    >
      {found && found.length > 0 && <p className="mb-2 text-muted">{coverage(found)}</p>}
      <Card>
        {found ? (
          <Found found={found} home={home} />
        ) : error ? (
          <ErrorState
            title="The clients of this machine cannot be looked for"
            why={error.message}
            hint={error.hint}
            action={<Button onClick={refresh}>Try again</Button>}
          />
        ) : (
          <Skeleton className="h-32 w-full" />
        )}
      </Card>
    </Section>
  )
}

function Found({ found, home }: { found: readonly FoundClient[]; home: string | null }) {
  if (found.length === 0) {
    return (
      <EmptyState icon={<Plug size={24} />} title="No AI client was found on this machine">
        <p>Connect one by hand: what goes into its configuration stands below.</p>
      </EmptyState>
    )
  }
  return (
    <ul className="divide-y divide-line">
      {found.map((client) => (
        <li key={client.id}>
          <MachineClient client={client} home={home} />
        </li>
      ))}
    </ul>
  )
}

const isBypassed = ({ guard }: { guard: string }) => guard === 'bypassed'

/** How many servers go through Toolgate, in a sentence. */
function coverage(found: readonly FoundClient[]): string {
  const entries = found.flatMap(({ files }) => files.flatMap((file) => file.entries))
  const through = entries.filter(({ guard }) => guard === 'verified' || guard === 'configured').length
  if (entries.length === 0) return 'None of them has a server yet.'
  const all = entries.length === 1 ? 'The one server' : `All ${entries.length} servers`
  if (through === entries.length)
    return `${all} of these clients go${entries.length === 1 ? 'es' : ''} through Toolgate.`
  const none = entries.length === 1 ? 'Their one server goes' : `None of their ${entries.length} servers goes`
  if (through === 0) return entries.length === 1 ? `${none} past Toolgate.` : `${none} through Toolgate yet.`
  return `${through} of ${entries.length} servers go through Toolgate.`
}
