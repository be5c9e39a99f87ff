/** A place on the approval page. */
export type Route =
  | { page: 'requests'; id: string | null }
  | { page: 'servers' }
  | { page: 'server'; name: string }
  | { page: 'policy' }
  | { page: 'clients' }
  | { page: 'new-client' }
  | { page: 'connect'; client: string | null }
  | { page: 'undo-connect'; client: string | null }
  | { page: 'client'; id: string }
  | { page: 'observe'; scope: 'all' | 'server' | 'client'; name: string }
  | { page: 'grant'; id: string }
  | { page: 'consent'; id: string }
  | { page: 'resume' }
  | { page: 'override' }
  | { page: 'incident'; id: string }
  | { page: 'presence' }
  | { page: 'quiet' }
  | { page: 'people' }

/** The place that an address such as `/servers/files` means; what is unknown leads to what waits. */
export function routeOf(at: string): Route {
  const [first = '', second = '', third = ''] = at.split('/').slice(1).map(decoded)
  if (first === 'servers') return second === '' ? { page: 'servers' } : { page: 'server', name: second }
  if (first === 'grants' && second !== '') return { page: 'grant', id: second }
  if (first === 'consents' && second !== '') return { page: 'consent', id: second }
  if (first === 'clients') {
    if (second === '') return { page: 'clients' }
    if (second === 'connect' || second === 'undo') {
      return { page: second === 'undo' ? 'undo-connect' : second, client: third === '' ? null : third }
    }
    return second === 'new' ? { page: 'new-client' } : { page: 'client', id: second }
  }
  if (first === 'observe') {
    const one = (second === 'server' || second === 'client') && third !== ''
    return one ? { page: first, scope: second, name: third } : { page: first, scope: 'all', name: '' }
  }
  if (first === 'incidents' && second !== '') return { page: 'incident', id: second }
  if (first === 'policy' || first === 'resume' || first === 'override' || first === 'quiet') return { page: first }
  if (first === 'presence' || first === 'people') return { page: first }
  return { page: 'requests', id: first === 'approvals' && second !== '' ? second : null }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
