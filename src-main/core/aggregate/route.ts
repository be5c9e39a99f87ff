import { ToolgateError } from '../../../shared/errors.ts'
import type { Message } from '../json/message.ts'
import type { Registry } from '../registry/registry.ts'
import { isCut, type Named, readSharedName, sharedName, toolNamed } from '../registry/shared-name.ts'
import type { Hello, Member } from './member.ts'
import { type Located, type Resources, readPrefixedUri } from './resources.ts'
import { paramText, withParam } from './rewrite.ts'
import { createRoom, isKept } from './room.ts'

/** An error of the request itself, in the words of JSON-RPC. */
export class RequestError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Where a request goes, in the words of that server. `located`: the resource that it names, as `text` in the client's words;
 * `prefixed`: in the longer form.
 */
export type Route = { server: string; line: Buffer; prefixed: boolean; located: Located | null; text: string }

const plain = { prefixed: false, located: null, text: '' }

type Deps = {
  registry: Registry
  resources: Resources
  members: () => readonly Member[]
  /** Reads all lists of a method, so that what they name is known. */
  learn: (method: 'prompts/list' | 'resources/list' | 'resources/templates/list', hello: Hello) => Promise<void>
}

/** Tasks of each server that are kept in mind, its oldest forgotten: no server can make us forget another's. */
const maxTasks = 1_000

/** Finds the one server that a request of the client is for. What several could take goes to none. */
export function createRouter({ registry, resources, members, learn }: Deps) {
  const prompts = new Map<string, Named>()
  const room = createRoom()
  /** The tasks that each server has named. */
  const tasks = new Map<string, Set<string>>()

  async function prompt(name: string, hello: Hello): Promise<Named> {
    const readable = readSharedName(name)
    if (readable && registry.find(readable.server)) return readable
    if (isCut(name) && !prompts.has(name)) await learn('prompts/list', hello)
    const known = prompts.get(name)
    if (known) return known
    throw new RequestError(-32602, `Unknown prompt: ${name}`)
  }

  async function resource(uri: string, hello: Hello): Promise<Located> {
    const known = () => resources.locate(uri)
    if (!known()) await learn('resources/list', hello)
    if (!known()) await learn('resources/templates/list', hello)
    const [only, ...more] = members().filter((member) => member.greeting()?.capabilities.resources !== undefined)
    const located = known() ?? (only && more.length === 0 ? { server: only.server, uri } : null)
    if (located && registry.find(located.server)) return located
    throw new RequestError(hello.generation === 'modern' ? -32602 : -32002, `Resource not found: ${uri}`)
  }

  function needed(message: Message, path: readonly string[]): string {
    const text = paramText(message, path)
    if (text !== null) return text
    throw new RequestError(-32602, `Invalid params: \`${path.join('.')}\` must be a string`)
  }

  async function byName(message: Message, path: readonly string[], hello: Hello): Promise<Route> {
    const { server, name } = await prompt(needed(message, path), hello)
    return { ...plain, server, line: withParam(message, path, name) }
  }

  async function byUri(message: Message, path: readonly string[], hello: Hello): Promise<Route> {
    const text = needed(message, path)
    const { server, uri } = await resource(text, hello)
    const located = { server, uri }
    return { server, line: withParam(message, path, uri), prefixed: readPrefixedUri(text) !== null, located, text }
  }

  function tool(message: Message): Route {
    const text = needed(message, ['name'])
    const named = toolNamed(registry.list(), text)
    if (!named) throw new ToolgateError('TOOL_UNKNOWN', `\`${text.slice(0, 200)}\``)
    return { ...plain, server: named.server, line: withParam(message, ['name'], named.name) }
  }

  function task(message: Message): Route {
    const id = needed(message, ['taskId'])
    const [server, another] = [...tasks].flatMap(([name, ids]) => (ids.has(id) ? [name] : []))
    // What several servers have named could be meant for any of them.
    if (server === undefined || another !== undefined) throw new RequestError(-32602, 'Unknown task')
    return { ...plain, server, line: message.raw }
  }

  return {
    /** Rejects with RequestError, or with ToolgateError for what is refused. */
    async find(message: Message, hello: Hello): Promise<Route> {
      switch (message.method) {
        case 'tools/call':
          return tool(message)
        case 'prompts/get':
          return byName(message, ['name'], hello)
        case 'resources/read':
        case 'resources/subscribe':
        case 'resources/unsubscribe':
          return byUri(message, ['uri'], hello)
        case 'completion/complete':
          return paramText(message, ['ref', 'type']) === 'ref/prompt'
            ? byName(message, ['ref', 'name'], hello)
            : byUri(message, ['ref', 'uri'], hello)
        case 'tasks/get':
        case 'tasks/result':
        case 'tasks/cancel':
        case 'tasks/update':
          return task(message)
        default:
          throw new RequestError(-32601, `Method not found: ${message.method}`)
      }
    },

    /** A list named a prompt. */
    sawPrompt(server: string, name: unknown): void {
      if (typeof name !== 'string') return
      const shared = sharedName({ server, name })
      if (isCut(shared) && !prompts.has(shared) && room.take(server, name)) prompts.set(shared, { server, name })
    },

    /** What a server that is gone called its prompts says nothing any more. Its tasks stay: it may come back, and cannot tell of them again. */
    forget(server: string): void {
      room.free(server)
      for (const [shared, named] of prompts) if (named.server === server) prompts.delete(shared)
    },

    /** A server told of a task. */
    sawTask(server: string, id: unknown): void {
      if (typeof id !== 'string' || !isKept(id)) return
      const ids = tasks.get(server) ?? new Set()
      tasks.set(server, ids.add(id))
      const [oldest] = ids
      if (ids.size > maxTasks && oldest !== undefined) ids.delete(oldest)
    },
  }
}

export type Router = ReturnType<typeof createRouter>

/** The task that a result stands for: as such (2025-11-25), or as the result itself (the extension of 2026-07-28). */
export function taskIn({ json }: Message): unknown {
  const { task, resultType, taskId } = (json.result ?? {}) as {
    task?: { taskId?: unknown }
    resultType?: unknown
    taskId?: unknown
  }
  return task?.taskId ?? (resultType === 'task' ? taskId : undefined)
}
