import { isObject } from '../../../shared/is-object.ts'
import type { Greeting } from './member.ts'

/** A server that is not among those that answered, and why, in words. */
export type Missing = { server: string; why: string }

/** What all servers together say: whom they greeted, who is missing. `version`: ours. */
export type Together = {
  greetings: readonly { server: string; greeting: Greeting }[]
  missing: readonly Missing[]
  version: string
}

/** Servers that come later may bring what nobody offers yet. */
const whenMissing: Greeting['capabilities'] = { tools: {}, prompts: {}, resources: {} }

const listed = ['tools', 'prompts', 'resources']

/** Capabilities that can be carried for several servers at once; others name methods that we could bring to none. */
const carried = [...listed, 'logging', 'completions', 'tasks', 'extensions']

type Plain = Record<string, unknown>

/** What either has; where both say something plain, `true` counts, then the first. */
function union(a: Plain, b: Plain): Plain {
  const merged: Plain = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const known = merged[key]
    merged[key] =
      isObject(known) && isObject(value) ? union(known, value) : known === undefined ? value : known || value
  }
  return merged
}

/** The union of what the servers can do. Lists are said to change, since servers come and go. */
function capabilitiesOf({ greetings, missing }: Together): Plain {
  const all = [...greetings.map(({ greeting }) => greeting.capabilities), ...(missing.length > 0 ? [whenMissing] : [])]
  const merged = all.reduce<Plain>(union, {})
  const kept = carried.filter((key) => isObject(merged[key])).map((key) => [key, merged[key]])
  const capabilities: Plain = Object.fromEntries(kept)
  for (const key of listed) {
    if (isObject(capabilities[key])) capabilities[key] = { ...capabilities[key], listChanged: true }
  }
  return capabilities
}

/** What the servers tell the model, each under its name, after a sentence of ours about names and about who is missing. */
function instructionsOf({ greetings, missing }: Together): string {
  const names =
    'Several servers come together here, through Toolgate. A tool or prompt is named `<server>__<name>`; a longer one is cut and ends in `_` and twelve hex digits.'
  const absent = missing.map(({ server, why }) => `\`${server}\` (${why})`)
  const said = greetings.filter(({ greeting }) => greeting.instructions !== '')
  return [
    names,
    ...(absent.length > 0 ? [`Not there yet, and announced once they are: ${absent.join(', ')}.`] : []),
    ...said.map(({ server, greeting }) => `## ${server}\n\n${greeting.instructions}`),
  ].join('\n\n')
}

/** The answer to `initialize`. A version that we do not know is answered with the newest of its generation that we do. */
export function initializeResult(asked: unknown, known: readonly string[], together: Together): Plain {
  const [newest] = known
  return {
    protocolVersion: known.find((version) => version === asked) ?? newest,
    capabilities: capabilitiesOf(together),
    serverInfo: { name: 'toolgate', title: 'Toolgate', version: together.version },
    instructions: instructionsOf(together),
  }
}

/** The answer to `server/discover`; it is this client's own, and old at once. */
export function discoverResult(together: Together, supportedVersions: readonly string[]): Plain {
  return {
    resultType: 'complete',
    supportedVersions,
    capabilities: capabilitiesOf(together),
    instructions: instructionsOf(together),
    ttlMs: 0,
    cacheScope: 'private',
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'toolgate', title: 'Toolgate', version: together.version } },
  }
}
