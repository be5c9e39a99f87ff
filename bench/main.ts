// `npm run bench`: what governing costs, in one run on this machine. See docs/performance.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aboutRun } from './about.ts'
import { measureRepeat, type Repeat } from './measure-calls.ts'
import { measureDecisions } from './measure-decisions.ts'
import { type IdleMemory, measureIdleMemory } from './measure-memory.ts'
import { measurePage } from './measure-page.ts'
import { measurePrompts } from './measure-prompts.ts'
import { measureReplay } from './measure-replay.ts'
import { measureStalls } from './measure-stalls.ts'
import { measureStarts } from './measure-starts.ts'
import { measureTokens } from './measure-tokens.ts'
import { readOptions } from './options.ts'
import { prepareProfile } from './profile.ts'
import { reportOf } from './report.ts'

const { quick, json, profiles, ...asked } = readOptions(process.argv.slice(2))
const size = quick
  ? {
      repeats: 2,
      rounds: 4,
      decisions: 200,
      replay: 5000,
      page: 1200,
      sessions: 5,
      calls: { calls: 0.05, warmUp: 100 },
    }
  : {
      repeats: 5,
      rounds: 20,
      decisions: 2000,
      replay: 50_000,
      page: 10_000,
      sessions: 25,
      calls: { calls: 1, warmUp: 8000 },
    }
const repeats = asked.repeats ?? size.repeats
const profiling = profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
const say = (text: string) => process.stderr.write(`${text}\n`)

const about = aboutRun()
say('decisions')
const decisions = [10, 100, 1000, 10_000].map((rules) =>
  measureDecisions(rules, size.decisions / Math.max(1, rules / 1000)),
)
say('replay')
const replay = await measureReplay(size.replay, 1000)
say('tokens')
const tokens = measureTokens(1000)
say('stalls')
const stalls = await measureStalls(quick ? 2 : 10)
say('page')
const page = await measurePage(size.page, say)
const prompts = await measurePrompts(200, say)
const folder = mkdtempSync(join(tmpdir(), 'toolgate-bench-'))
const decision = await prepareProfile(1000)
const every = await prepareProfile(1000, 'every')
try {
  say('starts')
  const starts = await measureStarts(decision, size.rounds)
  const measured: Repeat[] = []
  const idle: IdleMemory[] = []
  for (let turn = 0; turn < repeats; turn++) {
    say(`memory and calls, repeat ${turn + 1} of ${repeats}`)
    idle.push(await measureIdleMemory(decision, size.sessions))
    measured.push(await measureRepeat({ decision, every, folder }, turn, size.calls, profiling))
  }
  const results = { about, repeats: measured, idle, decisions, replay, starts, stalls, page, prompts, tokens }
  process.stdout.write(`\n${reportOf(results)}\n`)
  if (json !== null) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`)
} finally {
  for (const made of [folder, decision.folder, every.folder]) rmSync(made, { recursive: true, force: true })
}
