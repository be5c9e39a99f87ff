import { fileURLToPath } from 'node:url'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { tokenFor } from '../fakes/http-client.ts'

const shim = fileURLToPath(new URL('../../src-main/shim/main.ts', import.meta.url))
/** What the clients wait, and how often they hear of a call that is held, in seconds. */
const [waitSec, newsSec] = [2, 0.25]

let gateway: TestGateway
let token: string

beforeAll(async () => {
  const known = { seconds: waitSec, resets: true }
  const settings = { heartbeat_sec: newsSec, client_timeouts: { 'sdk-v1': known, 'sdk-v2': known } }
  gateway = await startGateway({ policy: simplePolicy(), settings, http: { port: 0 } })
  await gateway.addServer('times', 'sdk-v2-server')
  token = (await tokenFor(gateway.core)).token
})
afterAll(() => gateway.close())

type Heard = (news: { progress: number }) => void
type Opened = {
  call: (text: string, heard: Heard) => Promise<unknown>
  close: () => Promise<void>
}

const launch = () => ({ command: process.execPath, args: [shim, '--profile', gateway.profile, 'times'] })
const address = () => new URL(`http://127.0.0.1:${gateway.core.httpPort}/mcp/times`)
const headers = () => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } })
const options = (onprogress: Heard) => ({ timeout: waitSec * 1000, resetTimeoutOnProgress: true, onprogress })
const called = (text: string) => ({ name: 'write_time', arguments: { text } })

async function openV1(transport: StdioV1 | HttpV1): Promise<Opened> {
  const client = new ClientV1({ name: 'sdk-v1', version: '1' })
  await client.connect(transport)
  return {
    call: (text, heard) => client.callTool(called(text), undefined, options(heard)),
    close: () => client.close(),
  }
}

async function openV2(transport: HttpV2): Promise<Opened> {
  const client = new ClientV2({ name: 'sdk-v2', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(transport)
  return { call: (text, heard) => client.callTool(called(text), options(heard)), close: () => client.close() }
}

const ways: Record<string, () => Promise<Opened>> = {
  'SDK v1 over stdio': () => openV1(new StdioV1(launch())),
  'SDK v1 over HTTP': () => openV1(new HttpV1(address(), headers())),
  'SDK v2 over HTTP': () => openV2(new HttpV2(address(), headers())),
}

test.each(Object.entries(ways))('%s waits as long as it hears that the call is held', async (text, open) => {
  const client = await open()
  const heard: number[] = []
  const outcome = client.call(text, ({ progress }) => heard.push(progress))
  outcome.catch(() => {})
  const count = (2 * waitSec) / newsSec
  await expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThan(count)
  expect(heard.every((progress, index) => progress < 0 && progress > (heard[index - 1] ?? -2))).toBe(true)
  const views: ApprovalView[] = await gateway.core.handlers['approvals.list']({}, person)
  for (const view of views) await gateway.answer(view, 'approve')
  expect(await outcome).toMatchObject({ content: [{ text: expect.stringContaining(`write_time of ${text}`) }] })
  await client.close()
})
