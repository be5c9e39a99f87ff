import { pathToFileURL } from 'node:url'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { getDefaultEnvironment, StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'

/** How a client reaches a server: by a program that it starts, or by an address and a token. */
export type Way = { words: readonly string[]; env?: Record<string, string> } | { url: string; token: string }

/** A session with a server as the tests use it; `refused` is the reason code when Toolgate refused the call. */
export type Session = {
  tools: () => Promise<string[]>
  call: (tool: string, args: object) => Promise<{ text: string; refused: string | null }>
  close: () => Promise<void>
}

type Result = { content?: unknown; isError?: unknown; _meta?: Record<string, unknown> | undefined }

function outcomeOf({ content, isError, _meta }: Result): { text: string; refused: string | null } {
  const text = JSON.stringify(content)
  const refusal = _meta?.['dev.toolgate/refusal'] as { code: string } | undefined
  if (isError === true && !refusal) throw new Error(`the tool failed: ${text}`)
  return { text, refused: refusal?.code ?? null }
}

const withToken = (token: string) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } })

function programOf(way: Way) {
  const { words: [command = '', ...args] = [], env = {} } = 'words' in way ? way : {}
  return { command, args, env: { ...getDefaultEnvironment(), ...env }, stderr: 'ignore' as const }
}

/** What a client says when a server asks it for folders, for words of its model, or for words of its person. */
const capabilities = { roots: {}, sampling: {}, elicitation: {} }
const rootsOf = (folder: string) => ({ roots: [{ uri: pathToFileURL(folder).href, name: 'given by the client' }] })
const sampled = { role: 'assistant', model: 'none', content: { type: 'text', text: 'said by the model' } } as const
const elicited = { action: 'accept', content: { name: 'said by the person' } } as const

/** A session of the SDK's first version, which speaks protocols up to 2025-11-25; `folder` is its only root. */
export async function sessionV1(way: Way, folder: string): Promise<Session> {
  const client = new ClientV1({ name: 'sdk-v1', version: '1' }, { capabilities })
  client.setRequestHandler(ListRootsRequestSchema, () => rootsOf(folder))
  client.setRequestHandler(CreateMessageRequestSchema, () => sampled)
  client.setRequestHandler(ElicitRequestSchema, () => elicited)
  const http = 'url' in way ? new HttpV1(new URL(way.url), withToken(way.token)) : null
  await client.connect(http ?? new StdioV1(programOf(way)))
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => outcomeOf(await client.callTool({ name, arguments: { ...args } })),
    async close() {
      await http?.terminateSession()
      await client.close()
    },
  }
}

/** What the SDK's second version is told to speak: the older protocol, 2026-07-28 alone, or what it finds. */
export type Speaks = 'legacy' | 'modern' | 'auto'

/** A session of the SDK's second version; `folder` is its only root. */
export async function sessionV2(way: Way, speaks: Speaks, folder: string): Promise<Session> {
  const mode = speaks === 'modern' ? { pin: '2026-07-28' } : speaks
  const client = new ClientV2(
    { name: `sdk-v2-${speaks}`, version: '1' },
    { capabilities, versionNegotiation: { mode } },
  )
  client.setRequestHandler('roots/list', () => rootsOf(folder))
  client.setRequestHandler('sampling/createMessage', () => sampled)
  client.setRequestHandler('elicitation/create', () => elicited)
  const http = 'url' in way ? new HttpV2(new URL(way.url), withToken(way.token)) : null
  await client.connect(http ?? new StdioV2(programOf(way)))
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => outcomeOf(await client.callTool({ name, arguments: { ...args } })),
    async close() {
      await http?.terminateSession()
      await client.close()
    },
  }
}
