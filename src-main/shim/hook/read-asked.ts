import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { HookingClient } from '../../../shared/hooked-tools.ts'

/** A tool that a client wants to run, as its hook says it: the name under which it is governed, and its arguments. */
export type AskedTool = { name: string; arguments: Record<string, unknown> }

/** More paths than a person would look at: a command line that names more is refused, since what is left out would be judged by nobody. */
const mostPaths = 200

/** What a client asks its hook about. Throws an error for people when it says nothing that can be judged. */
export function readAsked(client: HookingClient, text: string): AskedTool {
  const said = asMap(parsed(text))
  const cwd = typeof said.cwd === 'string' ? said.cwd : firstText(said.workspace_roots)
  const asked = client === 'cursor' ? cursorTool(said) : namedTool(said)
  return { name: asked.name, arguments: withPlaces(asked.arguments, cwd) }
}

/** Claude Code and Codex name the tool. */
function namedTool({ tool_name, tool_input }: Record<string, unknown>): AskedTool {
  if (typeof tool_name !== 'string') throw new Error('the client does not say which tool it wants to run')
  return { name: tool_name, arguments: asMap(tool_input) }
}

/** Cursor has an event of its own for some of its tools. Contents of a file that is about to be read are not passed on. */
function cursorTool(said: Record<string, unknown>): AskedTool {
  switch (said.hook_event_name) {
    case 'beforeShellExecution':
      return { name: 'Shell', arguments: { command: said.command } }
    case 'beforeReadFile':
      return { name: 'Read', arguments: { file_path: said.file_path } }
    default:
      return namedTool(said)
  }
}

/** Keys under which clients name a file or a folder. */
const placeKeys = ['file_path', 'notebook_path', 'path', 'target_file']

/**
 * Policy judges whole paths: what is relative is told from where the client works. Of a command line, words that are files or
 * folders there are named beside it.
 */
function withPlaces(given: Record<string, unknown>, cwd: string | null): Record<string, unknown> {
  if (cwd === null) return given
  const whole = Object.entries(given).map(([key, value]) =>
    placeKeys.includes(key) && typeof value === 'string' ? [key, resolve(cwd, value)] : [key, value],
  )
  const paths = typeof given.command === 'string' ? pathsIn(given.command, cwd) : []
  return { ...Object.fromEntries(whole), cwd, ...(paths.length > 0 ? { paths } : {}) }
}

function pathsIn(command: string, cwd: string): string[] {
  const words = new Set(command.split(/[\s"'`=;|&<>()]+/).filter((word) => word !== '' && word.length < 4096))
  const found = new Set<string>()
  for (const word of words) {
    const path = resolve(cwd, word)
    if (!word.includes('\0') && !found.has(path) && existsSync(path)) found.add(path)
    if (found.size > mostPaths) throw new Error(`the command names more than ${mostPaths} files and folders`)
  }
  return [...found]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error('what the client says to its hook is no JSON', { cause })
  }
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function firstText(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : null
  return typeof first === 'string' ? first : null
}
