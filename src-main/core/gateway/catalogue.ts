import { ToolgateError } from '../../../shared/errors.ts'
import type { ToolDefinition } from '../registry/definition.ts'

/** A server that announces changes without pause is not asked for ever. */
const maxAttempts = 5

/**
 * What a server says its tools are, as far as this session has seen: learned from the lists that pass by, asked for by
 * ourselves before the first call of a tool that has not been seen, and forgotten when the server says that it changed.
 */
export function createCatalogue(list: () => Promise<ToolDefinition[]>) {
  let seen = new Map<string, ToolDefinition>()
  let complete = false
  let asking: Promise<void> | null = null
  let age = 0

  async function ask(): Promise<void> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const asked = age
      const tools = await list()
      // The server announced a change while it answered: what it said may be old.
      if (asked !== age) continue
      seen = new Map(tools.map((tool) => [tool.name, tool]))
      complete = true
      return
    }
    throw new ToolgateError('SERVER_EXITED', 'its tools change faster than they can be listed')
  }

  return {
    learn(tools: readonly ToolDefinition[]): void {
      for (const tool of tools) seen.set(tool.name, tool)
    },

    forget(): void {
      age++
      seen.clear()
      complete = false
    },

    /** The definition of a tool right now; null when the server does not offer it. Rejects when it cannot be asked. */
    async live(name: string): Promise<ToolDefinition | null> {
      if (!seen.has(name) && !complete) {
        asking ??= ask().finally(() => {
          asking = null
        })
        await asking
      }
      return seen.get(name) ?? null
    },
  }
}
