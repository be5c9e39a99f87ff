import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { person } from '../fakes/person.ts'
import { until } from '../fakes/processes.ts'

const root = join(import.meta.dirname, '..', '..')
const patienceMs = 120_000

/** A run of the demo: what it has said so far, how it ended, and every process that was ever seen below it. */
type Run = { child: ChildProcess; said: () => string; code: Promise<number | null>; family: Map<string, string> }

const demo = join(root, 'scripts', 'demo.mjs')

function runDemo(...args: string[]): Run {
  return watch('node', [demo, ...args])
}

function watch(command: string, args: string[]): Run {
  const { NO_COLOR: _, ...env } = process.env
  const child = spawn(command, args, { cwd: root, env, stdio: 'pipe' })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const family = new Map<string, string>()
  const look = setInterval(() => addFamily(child.pid ?? 0, family), 20)
  onTestFinished(() => {
    clearInterval(look)
    child.kill('SIGINT')
  })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  void code.then(() => clearInterval(look))
  return { child, said: () => text, code, family }
}

/** Adds who descends from a process now: `pid started` → command line. */
function addFamily(ancestor: number, family: Map<string, string>): void {
  const all = processes()
  const below = new Set([ancestor])
  for (let size = 0; size < below.size; ) {
    size = below.size
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid)
  }
  for (const { pid, started, command } of all) {
    if (below.has(pid) && command !== '') family.set(`${pid} ${started}`, command)
  }
}

function processes(): { pid: number; parent: number; started: string; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
        const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (state === 'Z' || state === 'X') return []
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return { pid: Number(pid), parent: Number(parent), started: rest[17] ?? '', command }
      } catch {
        // It ended while we looked.
        return []
      }
    })
}

/** Which of all that was ever seen below the demo still runs. */
function survivors({ family }: Pick<Run, 'family'>): [id: string, command: string][] {
  const alive = new Set(processes().map(({ pid, started }) => `${pid} ${started}`))
  return [...family].filter(([id]) => alive.has(id))
}

/** Nothing of the demo is left: no process, no folder. */
function expectNothingLeft({ said, family }: Run): void {
  expect(survivors({ family })).toEqual([])
  const folder = /\/\S*toolgate-demo-\w+/.exec(said())?.[0] ?? ''
  expect(folder).not.toBe('')
  expect(existsSync(folder)).toBe(false)
}

/** The command and the PIN that a viewer of `--pause` is given. */
async function givenCommand(run: Run): Promise<{ words: string[]; pin: string }> {
  await until('the demo waits for its viewer', () => run.said().includes('waits for you'), patienceMs)
  const [, words = ''] = /\$ npx toolgate (approvals approve .+)/.exec(run.said()) ?? []
  const [, pin = ''] = /The PIN is (\d+)/.exec(run.said()) ?? []
  return { words: words.split(' '), pin }
}

test('the demo shows the three decisions and a record that verifies', { timeout: patienceMs }, async () => {
  const run = runDemo()
  expect({ code: await run.code, said: run.said() }).toMatchObject({ code: 0 })

  const verdicts = [...run.said().matchAll(/^ {3}(ALLOW|DENY|REQUIRE_APPROVAL|approved|verified) /gm)]
  expect(verdicts.map(([, word]) => word)).toEqual([
    'ALLOW',
    'ALLOW',
    'DENY',
    'REQUIRE_APPROVAL',
    'approved',
    'verified',
  ])
  expect(run.said()).toMatch(/│ intact: \d+ records, [1-9]\d* signed checkpoint/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no colour where there is no terminal
  expect(run.said()).not.toMatch(/\u001b/)
  const commands = [...run.family.values()].join('\n')
  for (const part of ['shim.js', 'server-filesystem', 'server-everything', 'script ']) expect(commands).toContain(part)
  expectNothingLeft(run)
})

test('with --pause the viewer answers, and may say no', { timeout: patienceMs }, async () => {
  const run = runDemo('--pause')
  const { words, pin } = await givenCommand(run)
  const denial = words.map((word) => (word === 'approve' ? 'deny' : word))
  const { code, screen } = await person(
    [process.execPath, join(root, 'out', 'toolgate.js'), ...denial],
    [
      ['PIN:', pin],
      ['Deny this call?', 'y'],
    ],
  )
  expect({ code, screen }).toMatchObject({ code: 0 })
  expect({ code: await run.code, said: run.said() }).toMatchObject({ code: 0 })
  expect(run.said()).toMatch(/APPROVAL_DENIED[\s\S]*denied by you[\s\S]*verified/)
  expectNothingLeft(run)
})

test.each([
  ['Ctrl-C', 'SIGINT'],
  ['the end of its terminal', 'SIGHUP'],
] as const)('%s ends a demo that waits, and all that it started', { timeout: patienceMs }, async (_, signal) => {
  const run = runDemo('--pause')
  await givenCommand(run)
  run.child.kill(signal)
  expect(await run.code).toBe(130)
  expectNothingLeft(run)
})

test('a demo whose reader has seen enough ends, and all that it started', { timeout: patienceMs }, async () => {
  const run = watch('sh', ['-c', `node '${demo}' 2>&1 | head -n 45`])
  await run.code
  expect(run.said().trimEnd().split('\n')).toHaveLength(45)
  expect(run.said()).toContain('"ready":true')
  expectNothingLeft(run)
})

test.skipIf(process.platform !== 'linux')(
  'a demo that is killed takes its gateway with it',
  { timeout: patienceMs },
  async () => {
    const run = runDemo('--pause')
    await givenCommand(run)
    const [folder = ''] = /\/\S*toolgate-demo-\w+/.exec(run.said()) ?? []
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
    const [main = ''] = [...run.family].find(([, command]) => command.includes('demo/main.ts')) ?? []
    // Those that run now: until it runs a program of its own, what the gateway starts has its command line.
    const gateways = survivors(run).filter(([, command]) => command.includes('toolgate.js serve --json'))
    expect(gateways).toHaveLength(1)
    onTestFinished(() => {
      for (const [id] of survivors(run)) process.kill(Number(id.split(' ')[0]), 'SIGKILL')
    })
    process.kill(Number(main.split(' ')[0]), 'SIGKILL')
    await run.code
    await until('all that the demo started has ended', () => survivors(run).length === 0)
  },
)
