// `npm run bench`: what governing costs, in one run on this machine. See docs/performance.md.
//   --quick        a short run that shows that everything works; its figures say little
//   --json FILE    also writes every figure of every repeat
//   --repeats N    how often calls are measured with new processes
//   --cpu-prof DIR the gateways write V8 profiles of where their time goes
import { rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { aboutRun } from './about.ts'
import { measureRepeat, type Repeat } from './measure-calls.ts'
import { measureDecisions } from './measure-decisions.ts'
import { measureStarts } from './measure-starts.ts'
import { prepareProfile } from './profile.ts'
import { reportOf } from './report.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    repeats: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
})
const size = values.quick
  ? { repeats: 2, rounds: 4, decisions: 200, calls: { calls: 0.05, warmUp: 100 } }
  : { repeats: 7, rounds: 20, decisions: 2000, calls: { calls: 1, warmUp: 8000 } }
const repeats = values.repeats === undefined ? size.repeats : Number(values.repeats)
const profiling = values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`]
const say = (text: string) => process.stderr.write(`${text}\n`)

const about = aboutRun()
say('decisions')
const decisions = [10, 100, 1000].map((rules) => measureDecisions(rules, size.decisions))
const profile = await prepareProfile(1000)
try {
  say('starts')
  const starts = await measureStarts(profile, size.rounds)
  const measured: Repeat[] = []
  for (let turn = 0; turn < repeats; turn++) {
    say(`calls, repeat ${turn + 1} of ${repeats}`)
    measured.push(await measureRepeat(profile, turn, size.calls, profiling))
  }
  const results = { about, repeats: measured, decisions, starts }
  process.stdout.write(`\n${reportOf(results)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
} finally {
  rmSync(profile, { recursive: true, force: true })
}
