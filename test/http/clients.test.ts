import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { tokenFor } from '../fakes/http-client.ts'
import { program } from '../fakes/person.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  await gateway.addServer('times', 'sdk-v2-server')
  await gateway.addServer('notes', 'notes-server')
})
afterAll(() => gateway.close())

async function run(version: string, server: string, tools: string[], token: string) {
  const file = join(import.meta.dirname, '..', 'fakes', 'sdk-clients', `${version}-http.mjs`)
  const url = `http://127.0.0.1:${gateway.core.httpPort}/mcp/${server}`
  const { screen, stderr } = await program([process.execPath, file, url, ...tools], { env: { TOKEN: token } })
  return { lines: screen.split('\n').filter((line) => line !== ''), stderr }
}

test.each([
  ['v1', 'times', 'time', 'legacy'],
  ['v2', 'times', 'time', 'modern'],
  ['v1', 'notes', 'note', 'legacy'],
  ['v2', 'notes', 'note', 'legacy'],
])(
  'the SDK %s client and the server `%s`: a call is allowed, one is held until a person approves, one is denied by its rule',
  async (version, server, what, era) => {
    const name = `${version} with ${server}`
    const { id, token } = await tokenFor(gateway.core, name)
    const answered = gateway.pending(`write_${what}`).then(async (view) => {
      await gateway.answer(view, 'approve')
      return view
    })
    const { lines, stderr } = await run(version, server, [`read_${what}`, `write_${what}`, `delete_${what}`], token)
    expect(lines, stderr).toHaveLength(3)
    const [allowed = '', held = '', denied = ''] = lines
    expect(allowed).toMatch(what === 'note' ? /read_note did/ : new RegExp(`read_time of noon in the ${era} era`))
    expect(allowed).not.toContain('isError')
    expect(held).toMatch(what === 'note' ? /write_note did/ : /write_time of noon/)
    expect((await answered).client).toEqual({ id, name, identity: 'verified', pid: null })
    const { isError, content } = JSON.parse(denied.slice(denied.indexOf('{')))
    expect([isError, content[0].text]).toEqual([true, expect.stringContaining('deny-destructive')])
    expect(content[0].text).toContain('POLICY_DENIED')
    const calls = gateway
      .entries()
      .flatMap((entry) => (entry.kind === 'call' && entry.agent_name === name ? [entry] : []))
    expect(new Set(calls.map((entry) => entry.protocol_generation))).toEqual(new Set([era]))
    // A session of the older generation ends with its client; the server of the stateless one waits for the next request.
    const open = await gateway.core.handlers.status({}, person)
    expect(open.sessions).toBe(era === 'legacy' ? 0 : 1)
    await gateway.core.handlers['clients.revoke']({ id }, person)
  },
)

test('an SDK client without a valid token gets nowhere', async () => {
  const { lines, stderr } = await run('v1', 'notes', ['read_note'], `tg_${'A'.repeat(43)}`)
  expect([lines, stderr]).toEqual([[], expect.stringMatching(/401|Unauthorized/)])
})
