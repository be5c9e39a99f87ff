import { Link } from 'wouter'
import type { AccessView } from '../../../shared/policy-view.ts'
import { places } from '../../places.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** For whom a built-in access policy counts without being bound. */
const unboundWords: Readonly<Record<string, string>> = {
  'local.default': 'clients of this machine that nothing binds',
  'mcp.empty': 'clients of others that nothing binds',
}

/** Which tools there are at all, and for whom; rules then decide each call. */
export function AccessList({ access }: { access: readonly AccessView[] }) {
  return (
    <Card>
      <ul className="divide-y divide-line">
        {access.map((policy) => (
          <li key={policy.id} className="px-3 py-2">
            <Access policy={policy} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Access({ policy: { id, origin, file, line, summary, archived, clients, roles } }: { policy: AccessView }) {
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
    </>
  )
}

function boundWords(id: string, clients: readonly string[], roles: readonly string[]): string {
  const words = [
    ...(unboundWords[id] === undefined ? [] : [unboundWords[id]]),
    ...(clients.length > 0 ? [`the client${clients.length > 1 ? 's' : ''} ${clients.join(', ')}`] : []),
    ...(roles.length > 0 ? [`the role group${roles.length > 1 ? 's' : ''} ${roles.join(', ')}`] : []),
  ]
  return words.length === 0 ? 'nobody yet' : words.join('; ')
}
