import { parseArgs } from 'node:util'

const usage = `npm run bench -- [options]: what governing costs, in one run on this machine. See docs/performance.md.
  --quick         a short run that shows that everything works; its figures say little
  --json FILE     also writes every figure of every repeat
  --repeats N     how often calls and memory are measured with new processes
  --cpu-prof DIR  the gateways write V8 profiles of where their time goes
  --help          says this`

/** What a run is asked for. `repeats`: null when the size of the run says it. */
export type Options = { quick: boolean; json: string | null; repeats: number | null; profiles: string | null }

/** Reads the options of a run; says how it is called and ends the process when help is asked for or something is wrong. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        repeats: { type: 'string' },
        'cpu-prof': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) end(usage, 0)
    if (values.repeats !== undefined && !/^[1-9]\d{0,2}$/.test(values.repeats))
      throw new Error('--repeats takes a whole number from 1 to 999')
    const repeats = values.repeats === undefined ? null : Number(values.repeats)
    return { quick: values.quick, json: values.json ?? null, repeats, profiles: values['cpu-prof'] ?? null }
  } catch (error) {
    return end(`${error instanceof Error ? error.message : error}\n\n${usage}`, 2)
  }
}

function end(text: string, code: number): never {
  ;(code === 0 ? process.stdout : process.stderr).write(`${text}\n`)
  process.exit(code)
}
