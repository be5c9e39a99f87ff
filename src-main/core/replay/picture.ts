import type { Envelope } from '../../../shared/envelope.ts'
import { maskText } from '../safety/scan.ts'
import { findInText } from '../safety/screen.ts'

/**
 * What of a call's envelope is kept beside its record, so that the call can be decided again later: what the registry said of
 * it, and the places that it names. Never its arguments, and of the places only what holds no secret.
 */
export type Picture = {
  server: Omit<Envelope['server'], 'name'>
  tool: Omit<Envelope['tool'], 'name' | 'action' | 'classification' | 'fingerprint'>
  user: Omit<Envelope['user'], 'id'>
  /** Null when there is more than is kept. */
  resource: Envelope['resource'] | null
  /** Something in `resource` was masked, so that it is not what rules saw. */
  masked?: true
  risk_tags: string[]
  scopes: Envelope['scopes']
  tenant: Envelope['tenant']
  environment: string
  /** What was known of the tool then; see `Facts`. */
  standing: Standing
  /** Of a call that a person was to be asked about. */
  asked?: AskedTrace
}

/** What tells whether a grant would have covered a call, without its arguments: digests under a key that is kept elsewhere. */
export type AskedTrace = {
  call: string
  session: string
  /** It was read to its end, and held no secret and nothing beside its arguments. */
  plain: boolean
  /** Null: nobody would bound these. `paths`: which of the paths of `resource` an argument names, -1 for one that is not there. */
  leaves: { at: string; value: string; host?: string; paths?: number[]; free?: true }[] | null
}

type Standing = 'reviewed' | 'held' | 'due' | 'unreviewed' | 'unknown'

/** Characters of all places together; a call that names more cannot be decided again where rules look at them. */
const mostCharacters = 8192

/** The picture of a call as the text that is kept. */
export function pictureOf(envelope: Envelope, standing: Standing, asked: AskedTrace | null = null): string {
  const { name: _server, ...server } = envelope.server
  const { name, action, classification, fingerprint, ...tool } = envelope.tool
  const { id, ...user } = envelope.user
  const { risk_tags, scopes, tenant, environment, resource } = envelope
  const places = [resource.paths, resource.hosts, resource.uris]
  const size = places.reduce((sum, list) => list.reduce((length, text) => length + text.length, sum), 0)
  const kept = size > mostCharacters ? null : masked(resource)
  const picture: Picture = {
    ...{ server, tool, user, risk_tags, scopes, tenant, environment, standing },
    resource: kept,
    ...(kept && kept !== resource ? { masked: true } : {}),
    ...(asked ? { asked } : {}),
  }
  return JSON.stringify(picture)
}

/** The same object when there was nothing to mask. */
function masked(resource: Envelope['resource']): Envelope['resource'] {
  const all = [...resource.paths, ...resource.hosts, ...resource.uris]
  if (all.length === 0) return resource
  if (findInText(all.join('\n')).length === 0 && !resource.uris.some(mayHoldSecret)) return resource
  const mask = (text: string) => maskText(text, findInText(text))
  return {
    paths: resource.paths.map(mask),
    hosts: resource.hosts.map(mask),
    uris: resource.uris.map((uri) =>
      mask(uri)
        .replace(/[?#].*$/s, '')
        .replace(/\/\/[^/]*@/, '//'),
    ),
  }
}

/** Queries and user names are where addresses carry what no scan knows. */
function mayHoldSecret(uri: string): boolean {
  return /[?#]|\/\/[^/]*@/.test(uri)
}

/** A picture as it was kept; null when the text is none. */
export function parsePicture(text: string | null): Picture | null {
  if (text === null) return null
  try {
    const picture = JSON.parse(text) as Picture
    return isPicture(picture) ? picture : null
  } catch {
    return null
  }
}

/** The database is only ours: what it gives back is looked at, but not field by field. */
function isPicture(value: unknown): value is Picture {
  if (typeof value !== 'object' || value === null) return false
  const { server, tool, user, risk_tags, scopes, tenant, resource } = value as Record<string, unknown>
  return (
    [server, tool, user, risk_tags, scopes, tenant].every((part) => typeof part === 'object' && part !== null) &&
    resource !== undefined
  )
}
