import type { GrantView } from '../../shared/approval.ts'
import { Card, Section } from '../ui/card.tsx'
import { useCall } from '../use-call.ts'
import { GrantsList } from './grants-list.tsx'

/** The grants of one server or one client that count now; nothing while there are none. */
export function GrantsOf({ server, client }: { server?: string; client?: string }) {
  const { value: grants } = useCall('grants.list', {}, ['approvals'])
  const isOwn = (grant: GrantView) =>
    (server === undefined || grant.server === server) && (client === undefined || grant.client.id === client)
  const own = grants?.filter(isOwn) ?? []
  if (own.length === 0) return null
  return (
    <Section title="Allowed for longer">
      <Card>
        <GrantsList label="Grants" grants={own} {...(server === undefined ? {} : { own: 'server' as const })} />
      </Card>
    </Section>
  )
}
