import { launchWord } from '../../../shared/launch.ts'

/** The command that makes an entry of this name for a server, as it is typed into a terminal. */
export function issueCommand(name: string, server: string): string {
  const words = ['toolgate', 'clients', 'issue', name || 'NAME', '--server', server || 'SERVER']
  return words.map(launchWord).join(' ')
}

/** Address of a server at the HTTP door, whose own address is such as `http://127.0.0.1:4780/mcp/<server>`. */
function serverAddress(http: string, server: string): string {
  return http.replace('<server>', encodeURIComponent(server || 'SERVER'))
}

/** What goes into the configuration of a client that takes an address and headers, as JSON. */
export function httpConfiguration(http: string, server: string, token: string): string {
  const entry = { url: serverAddress(http, server), headers: { Authorization: `Bearer ${token}` } }
  return JSON.stringify({ mcpServers: { [server || 'SERVER']: entry } }, null, 2)
}
