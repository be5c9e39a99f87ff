import type { FoundClient } from '../../../shared/client-config.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'

/** The clients of this machine with the servers that they have, and the way to lead them through Toolgate. */
export function FoundClients({ found }: { found: readonly FoundClient[] }) {
  const able = found
    .map(({ id, name, files }) => ({ id, name, servers: files.flatMap(({ entries }) => entries) }))
    .filter(({ servers }) => servers.length > 0)
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-2">
        {able.map(({ id, name, servers }) => (
          <li key={id} className="flex items-center gap-3">
            <ClientMark name={name} claimed={false} />
            <span className="font-strong">{name}</span>
            <span className="text-muted">{servers.length === 1 ? 'one server' : `${servers.length} servers`}</span>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3">
        <OpenApprovalsButton at="/clients/connect" look="primary">
          See what would change
        </OpenApprovalsButton>
        <span className="text-muted">Nothing is written before you agree, and undo gives back the same bytes.</span>
      </div>
    </div>
  )
}
