/** Address of a server at the HTTP door, whose own address is such as `http://127.0.0.1:4780/mcp/<server>`. */
function serverAddress(http: string, server: string): string {
  return http.replace('<server>', encodeURIComponent(server || 'SERVER'))
}

/** What goes into the configuration of a client that takes an address and headers, as JSON. */
export function httpConfiguration(http: string, server: string, token: string): string {
  const entry = { url: serverAddress(http, server), headers: { Authorization: `Bearer ${token}` } }
  return JSON.stringify({ mcpServers: { [server || 'SERVER']: entry } }, null, 2)
}
