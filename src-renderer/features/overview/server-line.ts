import type { StatusView } from '../../../shared/calls.ts'
import type { ServerView } from '../../../shared/server.ts'

/** A server as `status` tells it, with what changed about it, as far as that is known yet. */
export type ServerLine = StatusView['servers'][number] & Partial<Pick<ServerView, 'changed' | 'held_tools'>>

/** Every server of `status`, with what the list of servers knows beside it. */
export function serverLines(status: StatusView, servers: readonly ServerView[]): ServerLine[] {
  return status.servers.map((line) => {
    const view = servers.find(({ name }) => name === line.name)
    return view ? { ...line, changed: view.changed, held_tools: view.held_tools } : line
  })
}
