import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { campaign } from '../fakes/campaign.ts'
import { testFolder } from '../fakes/folder.ts'
import { person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { orderComplaints, recordedCalls, type SentCall, verifyComplaints } from './audit-trail.ts'
import { reachedServer } from './reached.ts'
import { sendAll } from './send-all.ts'

const sessions = 4

/** Two rules for each call, which carry the number of their policy: a call that was decided by parts of two shows it. */
function policyNumber(number: number): string {
  const rule = (part: string, tool: string, decision: string) =>
    `  - { id: ${part}-${number}, match: { labels: { mcp.tool: ${tool} } }, decision: ${decision} }\n`
  const rules = ['first', 'second'].map((part) => rule(`${part}-read`, 'read_note', 'ALLOW'))
  const denials = ['first', 'second'].map((part) => rule(`${part}-delete`, 'delete_note', 'DENY'))
  return `version: v1\nrules:\n${[...rules, ...denials].join('')}`
}

/** Puts a file into the folder as editors and git do, and waits until the gateway has said what it makes of it. */
async function put(gateway: TestGateway, text: string, isBroken: boolean): Promise<void> {
  const policy = async () => (await gateway.core.handlers.status({}, person)).policy
  const before = (await policy()).snapshot
  const fresh = join(gateway.paths.policy, '.rules.new')
  writeFileSync(fresh, text, { mode: 0o600 })
  renameSync(fresh, join(gateway.paths.policy, 'rules.yaml'))
  const taken = async () => {
    const { problems, snapshot, waiting } = await policy()
    if (waiting) await confirm(gateway)
    return isBroken ? problems > 0 && snapshot === before : problems === 0 && snapshot !== before
  }
  while (!(await taken())) await new Promise(setImmediate)
}

/** Rules under other names are other rules: a person lets them in. */
async function confirm(gateway: TestGateway): Promise<void> {
  const { waiting } = await gateway.core.handlers['policy.show']({}, person)
  if (waiting) await gateway.core.handlers['policy.confirm']({ hash: waiting.hash }, person)
}

/** Valid, broken, valid again, so many times; in between `answered` grows, so that each is there while calls come. */
async function rewrite(gateway: TestGateway, times: number, answered: () => number): Promise<void> {
  for (let number = 1; number <= times; number++) {
    const text = policyNumber(number)
    const isBroken = number % 3 === 2
    await put(gateway, isBroken ? text.slice(0, -20) : text, isBroken)
    for (const before = answered(); answered() < before + sessions; ) await new Promise(setImmediate)
  }
}

test('while the files of the policy are rewritten again and again, every call is answered and decided by one whole policy', {
  timeout: 900_000,
}, async ({ task }) => {
  const times = campaign(task, { sample: 30, full: 300, seed: 1 })
  const gateway = await startGateway({ policy: policyNumber(0) })
  try {
    const log = join(testFolder(), 'calls.log')
    await gateway.addServer('notes', 'notes-server', { NOTES_LOG: log })
    const clients = Array.from({ length: sessions }, () => gateway.connect('notes'))
    await Promise.all(clients.map((client) => client.initialize()))
    let isOver = false
    let answered = 0
    const calling = clients.map(async (client, session) => {
      const sent: SentCall[] = []
      for (let round = 0; !isOver; round++) {
        const text = `session ${session}, round ${round}`
        const calls = ['read_note', 'delete_note'].map((tool) => ({ tool, args: { text } }))
        sent.push(...(await sendAll(client, calls)))
        answered++
      }
      return sent
    })
    await rewrite(gateway, times, () => answered)
    isOver = true
    const sent = (await Promise.all(calling)).flat()

    const outcomes = (tool: string) =>
      new Set(sent.filter(({ params }) => params.includes(tool)).map(({ told }) => told?.outcome))
    expect(sent.length).toBeGreaterThan(2 * times)
    expect(outcomes('read_note')).toEqual(new Set(['ok']))
    expect(outcomes('delete_note')).toEqual(new Set(['POLICY_DENIED']))
    expect(reachedServer(log).toSorted()).toEqual(
      sent
        .filter(({ told }) => told?.outcome === 'ok')
        .map(({ params }) => params)
        .toSorted(),
    )

    const calls = recordedCalls(
      gateway.paths.database,
      sent.map(({ params }) => params),
    )
    const decided = calls.flatMap(({ entries }) => entries.filter(({ state }) => state === 'decided'))
    expect(decided).toHaveLength(sent.length)
    const numbers = new Map<string, Set<string>>()
    for (const { rule_ids, matched_rules, snapshot_hash } of decided) {
      const seen = numbers.get(snapshot_hash ?? '') ?? new Set()
      for (const id of [...(rule_ids ?? []), ...(matched_rules ?? [])]) seen.add(id.replace(/^.*-/, ''))
      numbers.set(snapshot_hash ?? '', seen)
    }
    // Each snapshot that decided is one policy, none decided under two names, and no broken one decided.
    const used = [...numbers.values()].map((seen) => [...seen])
    expect(used.every((seen) => seen.length === 1)).toBe(true)
    expect(new Set(used.flat()).size).toBe(used.length)
    expect(used.flat().filter((number) => Number(number) % 3 === 2)).toEqual([])
    expect(used.length).toBeGreaterThan(times / 2)
    const history = await gateway.core.handlers['policy.history']({ limit: 1_000 }, person)
    const wereInForce = new Set(history.map(({ hash }) => hash))
    expect([...numbers.keys()].filter((hash) => !wereInForce.has(hash))).toEqual([])
    expect(orderComplaints(calls)).toEqual([])
    expect(verifyComplaints(gateway.paths)).toEqual([])
  } finally {
    await gateway.close()
  }
})
