// A server built with the SDK of version 2: it speaks protocol 2026-07-28 and the older generation from one definition.
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

serveStdio(({ era }) => {
  const server = new McpServer({ name: 'times', version: '1.0.0' })
  const tool = (name, annotations) =>
    server.registerTool(
      name,
      { description: `Would ${name}`, inputSchema: z.object({ text: z.string() }), annotations },
      ({ text }) => ({
        content: [{ type: 'text', text: `${name} of ${text} in the ${era} era` }],
      }),
    )
  tool('read_time', { readOnlyHint: true })
  tool('write_time', { readOnlyHint: false, destructiveHint: false })
  tool('delete_time', { readOnlyHint: false, destructiveHint: true })
  return server
})
