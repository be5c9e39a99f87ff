import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { program } from '../fakes/person.ts'

const fakes = join(import.meta.dirname, '..', 'fakes')
const shim = join(import.meta.dirname, '..', '..', 'src-main', 'shim', 'main.ts')

let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy() })
  await gateway.addServer('times', 'sdk-v2-server')
})
afterAll(() => gateway.close())

const call = async (version: string, tool: string) => {
  const words = [
    process.execPath,
    join(fakes, 'sdk-clients', `${version}.mjs`),
    shim,
    gateway.profile,
    'times',
    tool,
    '{"text":"noon"}',
  ]
  const { screen, stderr } = await program(words)
  return { screen, stderr }
}

test.each([
  ['v2', 'modern'],
  ['v1', 'legacy'],
])(
  'the SDK %s client and a server of both generations meet in the %s one: allowed, and denied',
  async (version, era) => {
    const allowed = await call(version, 'read_time')
    expect(allowed.screen, allowed.stderr).toContain(`read_time of noon in the ${era} era`)
    expect((await call(version, 'delete_time')).screen).toContain('POLICY_DENIED')
    const generations = gateway
      .entries()
      .map((entry) =>
        entry.kind === 'call' && entry.agent_name === `sdk-${version}` ? entry.protocol_generation : null,
      )
    expect([...new Set(generations.filter(Boolean))]).toEqual([era])
  },
)
