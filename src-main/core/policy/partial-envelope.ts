import type { Envelope } from '../../../shared/envelope.ts'

/** What may not be known of a call any more; `details`: what the registry said then of its server and tool. */
export type Unknown = 'arguments' | 'resources' | 'details'

/** An envelope of which not everything is known, and what of that somebody has looked at. */
export type PartialEnvelope = { envelope: Envelope; touched: ReadonlySet<Unknown> }

/**
 * An envelope that notices when somebody reads what is not known of it. They get what `known` holds in its place; what they
 * conclude from it counts only when `touched` stays empty.
 */
export function partialEnvelope(known: Envelope, missing: ReadonlySet<Unknown>): PartialEnvelope {
  const touched = new Set<Unknown>()
  const read = <T>(what: Unknown, value: T): T => {
    if (missing.has(what)) touched.add(what)
    return value
  }
  const { call, client, user, server, tool, names, risk, purpose, labels } = known
  const envelope: Envelope = {
    ...{ call, client, user, names, risk, purpose, labels },
    server: missing.has('details') ? aware(server, ['trust_level'], read) : server,
    tool: missing.has('details') ? aware(tool, ['tier', 'tags', 'module'], read) : tool,
    get resource() {
      return read('resources', known.resource)
    },
    get args() {
      return read('arguments', known.args)
    },
    get risk_tags() {
      return read('details', known.risk_tags)
    },
    get scopes() {
      return read('details', known.scopes)
    },
    get tenant() {
      return read('details', known.tenant)
    },
    get environment() {
      return read('details', known.environment)
    },
  }
  return { envelope, touched }
}

/** A copy some of whose fields are noticed when they are read, also by whoever copies it whole. */
function aware<T extends object>(part: T, keys: (keyof T)[], read: (what: 'details', value: unknown) => unknown): T {
  const copy = { ...part }
  for (const key of keys) {
    Object.defineProperty(copy, key, { enumerable: true, get: () => read('details', part[key]) })
  }
  return copy
}
