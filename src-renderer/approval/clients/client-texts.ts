import { entryName, serverAddress } from '../../../shared/client-configuration.ts'
import { allServers } from '../../../shared/link.ts'

/** What goes into the configuration of a client that takes an address and headers, as JSON. */
export function httpConfiguration(http: string, server: string, token: string): string {
  const named = server || 'SERVER'
  const entry = { url: serverAddress(http, named), headers: { Authorization: `Bearer ${token}` } }
  return JSON.stringify({ mcpServers: { [entryName(named)]: entry } }, null, 2)
}

/** Which server lines are for, in words. */
export function forServer(server: string): string {
  return server === allServers ? 'for all servers at once' : `for the server ${server}`
}
