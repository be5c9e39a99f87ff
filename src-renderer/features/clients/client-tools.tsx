import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { accessSentence } from '../../../shared/access-sentence.ts'
import type { ClientView } from '../../../shared/calls.ts'
import type { AccessWord, ClientAccess, ToolAccess } from '../../../shared/client-access.ts'
import { places } from '../../places.ts'
import { TenantChoice } from '../../show/tenant-choice.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Hint } from '../../ui/hint.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Switch } from '../../ui/toggle.tsx'
import type { Tone } from '../../ui/tone.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { ClientPolicies } from './client-policies.tsx'

const looks: Record<AccessWord, { tone: Tone; word: string }> = {
  allowed: { tone: 'allowed', word: 'Allowed' },
  asks: { tone: 'asked', word: 'Asks a person' },
  depends: { tone: 'constrained', word: 'Depends' },
  denied: { tone: 'denied', word: 'Denied' },
}

/** What a client can use of all that is registered, and why: "can call 12 of 48 tools, because…". */
export function ClientTools({ client, servers }: { client: ClientView; servers: number }) {
  const topics = ['policy', 'servers', 'clients', 'status'] as const
  const [tenant, setTenant] = useState<string | null>(null)
  const { value: base } = useCall('clients.access', { id: client.id }, topics)
  const asked = { id: client.id, ...(tenant === null ? {} : { tenant }) }
  const { value: access, error, refresh } = useCall('clients.access', asked, topics)
  const tenants = base?.tenants ?? []
  return (
    <Section title="What it can use">
      <Card>
        {tenants.length > 0 && (
          <div className="border-line border-b px-4 py-3">
            <TenantChoice label="While it works for" tenant={tenant} tenants={tenants} onChoose={setTenant} />
          </div>
        )}
        {access ? (
          <Access access={access} client={client} servers={servers} />
        ) : error ? (
          <ErrorState
            title="What it can use cannot be told"
            why={error.message}
            hint={error.hint}
            action={<Button onClick={refresh}>Try again</Button>}
          />
        ) : (
          <Skeleton className="h-40 w-full" />
        )}
      </Card>
    </Section>
  )
}

type AccessProps = { access: ClientAccess; client: ClientView; servers: number }

function Access({ access, client, servers }: AccessProps) {
  const { counts, policies, tools, tenant, tenants } = access
  const [all, setAll] = useState(false)
  const usable = counts.tools - counts.denied
  const shown = tools.filter((tool) => all || tool.access !== 'denied')
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-line border-b px-4 py-3">
        <div className="min-w-0">
          <p className="font-strong">It {accessSentence(counts)}.</p>
          <p className="text-muted">Access policies say what it may use at all; rules then decide each call.</p>
          {access.snapshot === null && <p className="text-muted">No policy is in force, so that nothing is allowed.</p>}
        </div>
        {usable > 0 && counts.denied > 0 && (
          <Switch label={`Show the ${counts.denied} denied`} checked={all} onChange={setAll} />
        )}
      </div>
      <ClientPolicies client={client} policies={policies} tenant={tenants.length > 0 ? tenant : null} />
      {usable === 0 && <NothingYet {...{ access, client, servers }} />}
      {usable === 0 && counts.tools > 0 && !all && (
        <p className="px-4 pb-4 text-center">
          <Button size="small" onClick={() => setAll(true)}>
            Show why, tool by tool
          </Button>
        </p>
      )}
      {shown.length > 0 && <Tools tools={shown} />}
    </>
  )
}

/** Why there is nothing, and what to do about it (seed 000, troubleshooting). */
function NothingYet({ access: { counts, snapshot, policies }, client: { revoked }, servers }: AccessProps) {
  const [, go] = useLocation()
  if (revoked) {
    return (
      <EmptyState title="It was revoked">
        <p>Whatever it asks is refused. To let it in again, make a new entry for it.</p>
      </EmptyState>
    )
  }
  if (counts.tools === 0) {
    return (
      <EmptyState
        title={servers === 0 ? 'No server is registered yet' : 'No tool is reviewed yet'}
        action={
          <Button onClick={() => go(servers === 0 ? places.addServer : places.servers)}>
            {servers === 0 ? 'Add a server' : 'Review your servers'}
          </Button>
        }
      >
        <p>A client can use nothing but reviewed tools of approved servers.</p>
      </EmptyState>
    )
  }
  const empty = policies.some(({ id }) => id === 'mcp.empty')
  return (
    <EmptyState
      title="All tools are denied to it"
      action={<Button onClick={() => go(places.policies)}>Look at the policies</Button>}
    >
      <p>
        {snapshot === null
          ? 'Mend what is wrong with the policy files.'
          : empty
            ? 'Nothing is given to it yet: bind an access policy above that allows the tools it needs.'
            : 'Look at what its access policy allows, what it blocks and how far it goes, and at the rules that deny.'}
      </p>
    </EmptyState>
  )
}

function Tools({ tools }: { tools: readonly ToolAccess[] }) {
  return (
    <div className="overflow-x-auto">
      <Table<ToolAccess>
        label="Tools"
        rows={tools}
        keyOf={({ server, tool }) => JSON.stringify([server, tool])}
        columns={[
          {
            head: 'Tool',
            width: '30%',
            cell: ({ server, tool }) => (
              <Link href={places.tool(server, tool)} className="hover:underline [overflow-wrap:anywhere]">
                <span className="text-muted">
                  <VisibleText text={server} /> ›{' '}
                </span>
                <VisibleText text={tool} />
              </Link>
            ),
          },
          { head: 'For this client', width: '160px', cell: (tool) => <Word tool={tool} /> },
          {
            head: 'Why',
            cell: ({ why }) => (
              <span className="text-muted [overflow-wrap:anywhere]">
                <Hint text={why} />
              </span>
            ),
          },
        ]}
      />
    </div>
  )
}

function Word({ tool: { access, level } }: { tool: ToolAccess }) {
  const { tone, word } = looks[access]
  return <Chip tone={tone} word={level === null ? word : `${word}, level ${level}`} />
}
