import { createHash } from 'node:crypto'
import type { Decision } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { boundNames } from '../../../src-main/core/policy/bounds.ts'
import { decide, type Facts } from '../../../src-main/core/policy/precedence.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import { compileSnapshot, type Snapshot } from '../../../src-main/core/policy/snapshot.ts'

/** What a test says about a call; everything else is that of a harmless read on the server `files`. */
export type CallParts = {
  server?: string
  trust?: Envelope['server']['trust_level']
  tool?: string
  action?: Envelope['tool']['action']
  risk?: number
  tags?: string[]
  args?: Record<string, unknown>
  paths?: string[]
  environment?: string
  kind?: Envelope['call']['kind']
  names?: string[]
  uris?: string[]
  roles?: string[]
  client?: string
  clientId?: string
  /** For whom the client works. */
  tenant?: string
  namespace?: string
  verb?: string
  classification?: Envelope['tool']['classification']
  toolTags?: string[]
  module?: string
}

export function envelope(parts: CallParts = {}): Envelope {
  const server = parts.server ?? 'files'
  const tool = parts.tool ?? 'read_file'
  const action = parts.action ?? 'read'
  const score = parts.risk ?? 10
  return {
    call: { id: 'call-1', method: 'tools/call', kind: parts.kind ?? 'tool', generation: 'legacy' },
    client: { id: parts.clientId ?? 'client-1', name: parts.client ?? 'Editor', identity: 'verified' },
    user: { id: 'ada', roles: parts.roles ?? [] },
    server: { name: server, trust_level: parts.trust ?? 'restricted' },
    tool: {
      name: tool,
      namespace: parts.namespace ?? server,
      verb: parts.verb ?? tool,
      action,
      classification: parts.classification ?? 'internal',
      tier: 1,
      tags: parts.toolTags ?? ['fs'],
      module: parts.module ?? server,
      fingerprint: 'f1',
    },
    resource: { paths: parts.paths ?? ['/home/ada/notes.txt'], hosts: [], uris: parts.uris ?? [] },
    names: parts.names ?? [tool],
    args: parts.args ?? { path: 'notes.txt' },
    risk: { score, factors: [{ name: 'action', points: score, detail: 'as the test says' }] },
    risk_tags: parts.tags ?? [],
    scopes: { held: [], needed: [], bounded: false },
    tenant: { client: parts.tenant ?? '', server: [] },
    environment: parts.environment ?? 'development',
    purpose: '',
    labels: { 'mcp.server': server, 'mcp.tool': tool, 'mcp.action': action },
  }
}

export const allFine: Facts = {
  stopped: false,
  registered: true,
  tool: 'reviewed',
  unbound: 'local.default',
  today: '2026-06-01',
  observe: false,
  missingScopes: [],
  foreignTenants: [],
  enforceable: new Set(boundNames),
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A file with these rules, each one line of YAML without its `- `. */
export function rules(...lines: string[]): string {
  return `version: v1\nrules:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`
}

export function snapshotOf(text: string, origin: PolicyFile['origin'] = 'local'): Snapshot {
  return snapshotOfFiles([{ path: 'test.yaml', text, origin }])
}

export function snapshotOfFiles(files: PolicyFile[]): Snapshot {
  const { snapshot, problems } = compileSnapshot(files, sha256)
  if (!snapshot) throw new Error(`the policy of the test has problems: ${JSON.stringify(problems, null, 2)}`)
  return snapshot
}

export function decideWith(text: string, parts: CallParts = {}, facts: Partial<Facts> = {}): Decision {
  return decide(envelope(parts), snapshotOf(text), { ...allFine, ...facts })
}
