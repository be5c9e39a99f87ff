import type { GrantView } from '../../shared/approval.ts'
import { Card, Section } from '../ui/card.tsx'
import { useCall } from '../use-call.ts'
import { GrantsList } from './grants-list.tsx'

type GrantsOfProps = { server?: string; client?: string; tool?: string }

/** The grants of one server, tool or client that count now; nothing while there are none. Those of a whole server are its tools' too. */
export function GrantsOf({ server, client, tool }: GrantsOfProps) {
  const { value: grants } = useCall('grants.list', {}, ['approvals'])
  const isOwn = (grant: GrantView) =>
    (server === undefined || grant.server === server) &&
    (client === undefined || grant.client.id === client) &&
    (tool === undefined || grant.tool === null || grant.tool === tool)
  const own = grants?.filter(isOwn) ?? []
  if (own.length === 0) return null
  return (
    <Section title={tool === undefined ? 'Allowed for longer' : 'Of this tool, allowed for longer'}>
      <Card>
        <GrantsList label="Grants" grants={own} {...(server === undefined ? {} : { own: 'server' as const })} />
      </Card>
    </Section>
  )
}
