import { Link } from 'wouter'
import type { PolicyReach } from '../../../shared/client-access.ts'
import type { AccessView } from '../../../shared/policy-view.ts'
import { places } from '../../places.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'

/** For whom a built-in access policy counts without being bound. */
const unboundWords: Readonly<Record<string, string>> = {
  'local.default': 'clients of this machine that nothing binds',
  'mcp.empty': 'clients of others that nothing binds',
}

/** Which tools there are at all, and for whom; rules then decide each call. */
export function AccessList({ access }: { access: readonly AccessView[] }) {
  const { value: reaches } = useCall('policy.reach', {}, ['policy', 'servers', 'clients'])
  return (
    <Card>
      <ul className="divide-y divide-line">
        {access.map((policy) => (
          <li key={policy.id} className="px-3 py-2">
            <Access policy={policy} reach={reaches?.find(({ id }) => id === policy.id)} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

type AccessProps = { policy: AccessView; reach: PolicyReach | undefined }

function Access({ policy: { id, origin, file, line, summary, archived, clients, roles }, reach }: AccessProps) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <span className={archived ? 'text-muted line-through' : 'font-strong'}>
          <VisibleText text={id} />
        </span>
        {origin === 'built_in' && <Badge>built in</Badge>}
        {origin === 'org' && <Badge>organisation</Badge>}
        {file !== '' && (
          <Link href={places.policyLine(file, line)} className="ml-auto text-faint hover:text-ink hover:underline">
            <code>
              <VisibleText text={`${file}:${line}`} />
            </code>
          </Link>
        )}
      </p>
      <p className="text-muted">
        <VisibleText text={summary} />
      </p>
      <p className="text-muted">
        For <VisibleText text={boundWords(id, clients, roles)} />
      </p>
      {reach && <Reach reach={reach} />}
    </>
  )
}

/** How far it reaches now: of the registered tools, and for which client entries. */
function Reach({ reach: { allowed, tools, clients } }: { reach: PolicyReach }) {
  if (tools === 0) return null
  return (
    <p className="text-muted">
      Lets through {allowed === 0 ? 'none' : allowed} of {tools} {tools === 1 ? 'tool' : 'tools'}
      {clients.length > 0 && '; holds for '}
      {clients.slice(0, mostNamed).map(({ id, name, tenant }, index) => (
        <span key={JSON.stringify([id, tenant])}>
          {index > 0 && ', '}
          <Link href={places.client(id)} className="text-ink underline">
            <VisibleText text={name} />
          </Link>
          {tenant !== null && ` (for ${tenant})`}
        </span>
      ))}
      {clients.length > mostNamed && ` and ${clients.length - mostNamed} more`}.
    </p>
  )
}

/** Client entries that are named in a line. */
const mostNamed = 8

function boundWords(id: string, clients: readonly string[], roles: readonly string[]): string {
  const words = [
    ...(unboundWords[id] === undefined ? [] : [unboundWords[id]]),
    ...(clients.length > 0 ? [`the client${clients.length > 1 ? 's' : ''} ${clients.join(', ')}`] : []),
    ...(roles.length > 0 ? [`the role group${roles.length > 1 ? 's' : ''} ${roles.join(', ')}`] : []),
  ]
  return words.length === 0 ? 'nobody yet' : words.join('; ')
}
