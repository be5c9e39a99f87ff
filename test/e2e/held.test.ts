import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import { built } from '../fakes/built.ts'
import { campaign } from '../fakes/campaign.ts'
import { simplePolicy } from '../fakes/gateway.ts'
import { program } from '../fakes/person.ts'
import { type Product, packageFile, pin, startProduct } from '../fakes/product.ts'

const fakes = join(import.meta.dirname, '..', 'fakes')

let product: Product
const clients: ChildProcess[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.kill('SIGKILL')
  await product.close()
})

type Outcome = { ms: number; code: string; text: string }
type Raw = { ms?: number; error?: string; result?: { content?: { text: string }[]; _meta?: Record<string, Told> } }
type Told = { code: string; retry?: string }

/** What came of a call, in one word: `ok`, the code of a refusal, or what the client said when it gave up. */
function outcomeOf({ ms = 0, result, error }: Raw): Outcome {
  const code = error ?? result?._meta?.['dev.toolgate/refusal']?.code ?? 'ok'
  return { ms, code, text: result?.content?.[0]?.text ?? '' }
}

/** A client in one session, which calls each time it is asked to. */
function inSession(kind: string, timeoutMs: number) {
  const words = [join(fakes, 'sdk-clients', 'retries.mjs'), kind, String(timeoutMs), JSON.stringify({ text: kind })]
  const shim = [built.shim, '--profile', product.profile, 'times']
  const child = spawn(process.execPath, [...words, ...shim], { stdio: ['pipe', 'pipe', 'inherit'] })
  clients.push(child)
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  return async (): Promise<Outcome> => {
    child.stdin?.write('again\n')
    const [line] = (await once(lines, 'line')) as [string]
    return outcomeOf(JSON.parse(line))
  }
}

/** The inspector, a process for each call: what carries an approval to the next is its client entry, in the stateless generation. */
function inspector(timeoutMs: number, entry: string) {
  const config = join(product.folder, 'inspector.json')
  const args = [built.shim, '--profile', product.profile, '--entry', entry, 'times']
  const server = {
    type: 'stdio',
    command: process.execPath,
    args,
    protocolEra: 'modern',
    ...(timeoutMs && { requestTimeout: timeoutMs }),
  }
  writeFileSync(config, JSON.stringify({ mcpServers: { server } }))
  const entryFile = packageFile('@modelcontextprotocol/inspector', 'clients/launcher/build/index.js')
  const words = ['--cli', '--config', config, '--server', 'server', '--format', 'json', '--method', 'tools/call']
  return async (): Promise<Outcome> => {
    const began = performance.now()
    const asked = [entryFile, ...words, '--tool-name', 'write_time', '--tool-arg', 'text=inspector']
    const { screen, stderr } = await program([process.execPath, ...asked], {
      env: { HOME: product.folder, NO_COLOR: '1', MCP_INSPECTOR_SECRET_STORE: 'memory' },
    })
    const json = screen.indexOf('{')
    const said: Raw = json < 0 ? { error: `${screen}${stderr}` } : JSON.parse(screen.slice(json))
    return outcomeOf({ ...said, ms: Math.round(performance.now() - began) })
  }
}

const waiting = () => product.json<ApprovalView[]>('approvals', 'list')

/** A call that is held for so long (s) in the sample behind clients that wait 6 s; in full ten minutes, behind what they wait by themselves. */
test('held behind real clients with short timeouts: each is told what to do, and a late yes lets the retry run once', async ({
  task,
}) => {
  const heldSec = campaign(task, { sample: 4, full: 600, seed: 0 })
  const short = heldSec < 60
  const names = ['sdk-v1', 'sdk-v2', 'mcporter', 'inspector']
  const timeoutMs = short ? 6_000 : 0
  const client_timeouts = Object.fromEntries(names.map((name) => [name, 6]))
  // Nobody is at a terminal for ten minutes.
  const settings = { expires_sec: 3600, hold_without_host: true, ...(short && { client_timeouts }) }
  product = await startProduct(simplePolicy(), settings)
  await product.addServer('times', [process.execPath, join(fakes, 'servers', 'sdk-v2-server.mjs')])
  await product.atTerminal(['clients', 'issue', 'inspector', '--server', 'times'], [['PIN', pin]])
  const [issued] = await product.json<{ id: string }[]>('clients', 'entries')
  const callers = {
    ...Object.fromEntries(['v1', 'v2', 'mcporter'].map((kind) => [kind, inSession(kind, timeoutMs)])),
    inspector: inspector(timeoutMs, issued?.id ?? ''),
  }
  const until = performance.now() + heldSec * 1000
  const rounds: Record<string, Outcome[]> = {}
  const asking = Object.entries(callers).map(async ([name, call]) => {
    rounds[name] = []
    do rounds[name].push(await call())
    while (performance.now() < until)
  })
  await Promise.all(asking)
  const told = Object.entries(rounds).map(([name, all]) => [name, [...new Set(all.map(({ code }) => code))]])
  expect(told).toEqual(Object.keys(callers).map((name) => [name, ['APPROVAL_PENDING']]))
  for (const { text } of Object.values(rounds).flat()) expect(text).toMatch(/make exactly the same call again/)

  // Each caller has one request, however often it came back; all are answered while nobody waits for them.
  const views = await waiting()
  expect(views.map((view) => [JSON.parse(view.arguments).text, view.waiting]).toSorted()).toEqual(
    Object.keys(callers)
      .map((name) => [name, 0])
      .toSorted(),
  )
  for (const { id } of views) {
    await product.atTerminal(
      ['approvals', 'approve', id],
      [
        ['PIN', pin],
        ['?', 'y'],
      ],
    )
  }
  for (const [name, call] of Object.entries(callers)) {
    expect([name, (await call()).code]).toEqual([name, 'ok'])
    expect(await waiting()).toEqual([])
  }
  const again = await Promise.all(Object.values(callers).map((call) => call()))
  expect(again.map(({ code }) => code)).toEqual(Object.keys(callers).map(() => 'APPROVAL_PENDING'))
}, 900_000)
