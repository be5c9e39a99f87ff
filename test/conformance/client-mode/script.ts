import { createHash } from 'node:crypto'
import type { Client } from '@modelcontextprotocol/client'
import { z } from 'zod'

/** What a client does in a scenario, once it is connected; `context` is what the suite tells it for that. */
export type Script = (client: Client, context: Context) => Promise<unknown>

/** What the suite tells of a scenario in `MCP_CONFORMANCE_CONTEXT`. */
export type Context = { toolCalls?: { name: string; arguments: Record<string, unknown> }[] }

const list: Script = (client) => client.listTools()

/** Lists the tools and calls each of `names`, one after the other. */
const call =
  (...names: string[]): Script =>
  async (client) => {
    await client.listTools()
    for (const name of names) await client.callTool({ name, arguments: {} })
  }

const skillList = z.looseObject({
  skills: z.array(
    z.looseObject({
      frontmatter: z.looseObject({ description: z.string() }),
      resources: z.array(z.looseObject({ uri: z.string(), digest: z.string(), size: z.number() })),
    }),
  ),
})

const listSkills = (client: Client) => client.request({ method: 'skills/list', params: {} }, skillList)

/** Loads a skill as a host must (SEP-2640): whoever gets other bytes than were served would not notice that they are wrong. */
const loadSkill: Script = async (client) => {
  const { skills } = await listSkills(client)
  const [{ frontmatter, resources } = { frontmatter: null, resources: [] }] = skills
  for (const { uri, digest, size } of resources) {
    const [content] = (await client.readResource({ uri })).contents
    const text = content && 'text' in content ? content.text : ''
    const sum = `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`
    const same = sum === digest && Buffer.byteLength(text) === size
    if (!same || !text.includes(`description: ${frontmatter?.description}`)) return
  }
}

/** Each scenario by its name: the suite's server looks at what it gets meanwhile. */
export const scripts: Readonly<Record<string, Script>> = {
  initialize: list,
  async tools_call(client) {
    await client.listTools()
    await client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } })
  },
  'elicitation-sep1034-client-defaults': call('test_client_elicitation_defaults'),
  'sse-retry': call('test_reconnection'),
  'request-metadata': list,
  async 'sep-2322-client-request-state'(client) {
    await client.listTools()
    // The first waits for an answer while the second goes by: nothing of one may get into the other.
    const first = client.callTool({ name: 'test_mrtr_echo_state', arguments: {} })
    await client.callTool({ name: 'test_mrtr_unrelated', arguments: {} })
    await first
    await call('test_mrtr_no_state')(client, {})
    // This client refuses a result without `resultType`; what counts is that nobody asks again.
    await client.callTool({ name: 'test_mrtr_no_result_type', arguments: {} }).catch(() => {})
  },
  async 'http-standard-headers'(client) {
    await call('test_headers', 'my-hyphenated-tool')(client, {})
    const { resources } = await client.listResources()
    for (const { uri } of resources) await client.readResource({ uri })
    const { prompts } = await client.listPrompts()
    for (const { name } of prompts) await client.getPrompt({ name })
  },
  async 'http-custom-headers'(client, { toolCalls = [] }) {
    await client.listTools()
    for (const params of toolCalls) await client.callTool(params)
  },
  // A client that would call whatever is in the list: what must not be called may not be there.
  async 'http-invalid-tool-headers'(client) {
    const { tools } = await client.listTools()
    for (const { name } of tools) await client.callTool({ name, arguments: { region: 'us-west1', value: 'x' } })
  },
  'json-schema-ref-no-deref': list,
  async 'json-schema-2020-12-preservation'(client) {
    const { tools } = await client.listTools()
    const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema
    await client.callTool({ name: 'json_schema_echo', arguments: { schema } })
  },
  'sep-2640-client-no-prefetch': listSkills,
  'sep-2640-client-verify-digest': loadSkill,
  'sep-2640-client-verify-size': loadSkill,
  'sep-2640-client-verify-frontmatter': loadSkill,
}
