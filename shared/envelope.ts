import type { Kind } from './traffic.ts'

/** What a tool does to the world, from least to most dangerous; unknown counts as `destructive`. */
export const actions = ['read', 'write', 'destructive'] as const
export type Action = (typeof actions)[number]

/** How far a server is trusted (seed 003); a new server is `restricted`. */
export const trustLevels = ['trusted', 'restricted', 'sandbox'] as const
export type TrustLevel = (typeof trustLevels)[number]

/** Sensitivity of the data a tool handles, ascending. */
export const classifications = ['public', 'internal', 'confidential', 'restricted'] as const
export type Classification = (typeof classifications)[number]

/** Dialects of SQL that a server may speak, and in which bounds on statements are understood. */
export const sqlDialects = ['postgresql', 'mysql', 'sqlite', 'tsql'] as const
export type SqlDialect = (typeof sqlDialects)[number]

/** One reason why a call scores as it does; `points` add up to the score, clamped to 0–100. */
export type RiskFactor = { name: string; points: number; detail: string }

/**
 * The normalised picture of one call that policy sees. Everything but `args` and `purpose` comes from the registry, the
 * client's credential and our own extractors, never from the client's claim; what is unknown counts as the riskiest.
 */
export type Envelope = {
  /** `kind`: what is asked for; `tool` for calls of tools. */
  call: { id: string; method: string; kind: Kind; generation: 'legacy' | 'modern' }
  client: { id: string; name: string; identity: 'verified' | 'claimed' }
  /** `roles`: role groups that somebody else attests; those that the policy gives its user come on top of them. */
  user: { id: string; roles: string[] }
  server: { name: string; trust_level: TrustLevel }
  /** Of what is no call of a tool, the name is empty, and the rest is what our table of traffic says of its kind. */
  tool: {
    name: string
    namespace: string
    verb: string
    /** What it belongs to in its server (seed 000), as reviewed; its namespace where a review says none. */
    module: string
    action: Action
    classification: Classification
    tier: 1 | 2 | 3
    tags: string[]
    fingerprint: string
  }
  /** Canonical: `paths` are absolute real paths (every candidate reading of an argument), `hosts` lower case, of every reading of an address. */
  resource: { paths: string[]; hosts: string[]; uris: string[] }
  /** Every spelling of the name of what is asked for: a tool, a URI, a prompt. Rules that forbid fit when one fits, others when all do. */
  names: string[]
  /** Arguments as parsed; an integer that a double cannot hold is its exact text. */
  args: Record<string, unknown>
  risk: { score: number; factors: RiskFactor[] }
  risk_tags: string[]
  /** Rights: what the token holds and the call needs; `bounded` is false where no token says what its client may. */
  scopes: { held: string[]; needed: string[]; bounded: boolean }
  /** For whom the client works, empty for nobody in particular, and whose data the server handles. */
  tenant: { client: string; server: string[] }
  environment: string
  purpose: string
  /** Seed 001's labels `mcp.server`, `mcp.tool`, `mcp.action`, and ours: `mcp.kind`, `mcp.name`. */
  labels: Record<string, string>
}
