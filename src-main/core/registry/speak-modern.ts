import { mayRun, type Server } from './server-record.ts'

/**
 * Whether all servers together are offered in the stateless generation: a client that speaks both falls back to the one that
 * all of them speak.
 */
export function speakModern(servers: Iterable<Server>): boolean {
  return [...servers].every((server) => server.generation !== 'legacy' || !mayRun(server))
}
