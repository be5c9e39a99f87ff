import { useMemo } from 'react'
import { useCall } from '../../../use-call.ts'

/** Names that rules may be about, by the path of the key that takes them: servers and tools as they are registered. */
export function useKnownNames(): Readonly<Record<string, readonly string[]>> {
  const { value } = useCall('servers.list', {}, ['servers'])
  return useMemo(() => {
    const servers = (value ?? []).map(({ name }) => name)
    const tools = [...new Set((value ?? []).flatMap((server) => server.tools.map(({ name }) => name)))].sort()
    return {
      'rules.match.labels.mcp.server': servers,
      'rules.match.labels.mcp.tool': tools,
      'rules.match.mcp.deny_servers_not_in': servers,
      'tests.envelope.server': servers,
      'tests.envelope.tool': tools,
    }
  }, [value])
}
