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
  | { page: 'resume' }
  | { page: 'presence' }

/** The place that an address such as `/servers/files` means; what is unknown leads to what waits. */
export function routeOf(at: string): Route {
  const [first = '', second = '', third = ''] = at.split('/').slice(1).map(decoded)
  if (first === 'servers') return second === '' ? { page: 'servers' } : { page: 'server', name: second }
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
  if (first === 'policy' || first === 'resume' || first === 'presence') return { page: first }
  return { page: 'requests', id: first === 'approvals' && second !== '' ? second : null }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
