import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { endProcess } from './end-process.ts'
import { DemoError, within } from './expect.ts'

/** A gateway that runs for the demo. */
export type RunningGateway = {
  /** The line with which it says that it is ready; throws `DemoError` with its own words when it does not come up. */
  ready: Promise<string>
  /** The code it ends with. */
  gone: Promise<number | null>
  /** Asks it to end, as Ctrl-C does, and waits until it has. */
  stop: () => Promise<void>
}

const endWithParent = pathToFileURL(join(import.meta.dirname, 'end-with-parent.mjs')).href

/** Starts `toolgate serve`, which ends when this process does. */
export function startGateway(toolgate: string, profile: string): RunningGateway {
  const words = ['--import', endWithParent, toolgate, 'serve', '--json', '--profile', profile]
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {
    // It has gone; `gone` says so.
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const gone = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', (code) => resolve(code))
  })
  const firstLine = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line))
  const tooEarly = gone.then((code): never => {
    throw new DemoError(`the gateway ended with ${code} before it was ready`, said.trimEnd().split('\n'))
  })
  return {
    ready: within(30, 'starting the gateway', Promise.race([firstLine, tooEarly])),
    gone,
    stop: () => endProcess(child, () => void child.kill('SIGTERM')),
  }
}
