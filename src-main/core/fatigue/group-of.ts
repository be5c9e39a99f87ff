import { createHash } from 'node:crypto'

/** What of a request decides which others it is like. */
type Asked = {
  client: { id: string }
  server: string
  kind: string
  tool: string
  level: number
  arguments: string
  paths: readonly string[]
}

/** Names of arguments that count; requests with more are alike when these are. */
const mostNames = 200

/**
 * Names the requests that are like this one: same client, server, tool and level, the same names and types of arguments, and
 * paths in the same folders. Values are not part of it, so being in one group never says that two calls do the same.
 */
export function groupOf({ client, server, kind, tool, level, arguments: text, paths }: Asked): string {
  const folders = [...new Set(paths.map(folderOf))].sort()
  const shape = [client.id, server, kind, tool, level, shapeOf(text), folders]
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 32)
}

function shapeOf(text: string): string[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return ['unread']
  }
  if (typeof value !== 'object' || value === null) return [typeOf(value)]
  const members = Object.entries(value).map(([name, member]) => `${name}: ${typeOf(member)}`)
  return members.sort().slice(0, mostNames)
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0))
}
