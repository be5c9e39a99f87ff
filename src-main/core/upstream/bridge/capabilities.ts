import { objectOf } from '../../json/message.ts'

type Capabilities = Record<string, unknown>

/** The tasks of the two generations are different protocols, and neither is carried into the other. */
const tasks = 'io.modelcontextprotocol/tasks'

function picked(from: Capabilities, keys: readonly string[]): Capabilities {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]))
}

function extensionsOf({ extensions }: Capabilities): Capabilities {
  const { [tasks]: _left, ...rest } = objectOf(extensions)
  return Object.keys(rest).length === 0 ? {} : { extensions: rest }
}

/** What a server of one generation offers that can be carried to a client of the other: all but tasks. */
export function carriedFromServer(capabilities: unknown): Capabilities {
  const all = objectOf(capabilities)
  const known = ['tools', 'resources', 'prompts', 'completions', 'logging', 'experimental']
  return { ...picked(all, known), ...extensionsOf(all) }
}

/**
 * What a client of one generation can do that a server of the other can be told: all but tasks, and but that its roots change, since
 * 2026-07-28 asks for roots anew each time.
 */
export function carriedFromClient(capabilities: unknown): Capabilities {
  const all = objectOf(capabilities)
  const roots = all.roots === undefined ? {} : { roots: {} }
  return { ...picked(all, ['sampling', 'elicitation', 'experimental']), ...roots, ...extensionsOf(all) }
}

/**
 * Whether a client with these capabilities can be asked this: `elicitation/create` in its form or URL mode, `sampling/createMessage` with
 * or without tools, `roots/list`. Nothing else can be asked of a client.
 */
export function canBeAsked(capabilities: unknown, method: string, params: Record<string, unknown>): boolean {
  const { sampling, elicitation, roots } = objectOf(capabilities)
  if (method === 'roots/list') return roots !== undefined
  if (method === 'sampling/createMessage') {
    const withTools = params.tools !== undefined || params.toolChoice !== undefined
    return sampling !== undefined && (!withTools || objectOf(sampling).tools !== undefined)
  }
  if (method !== 'elicitation/create' || elicitation === undefined) return false
  const modes = objectOf(elicitation)
  // An empty object means forms, as it did when there was nothing else.
  return params.mode === 'url' ? modes.url !== undefined : modes.form !== undefined || modes.url === undefined
}
