import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { endProcess } from './end-process.ts'
import { DemoError, within } from './expect.ts'

/** A gateway that runs for the demo. `ready` is the line with which it said so. */
export type RunningGateway = {
  ready: string
  /** How it ended; waits for it. */
  gone: Promise<number | null>
  /** Asks it to end, as Ctrl-C does, and waits until it has. */
  stop: () => Promise<void>
}

/** Starts `toolgate serve` and waits until it is ready; throws `DemoError` with its own words when it does not come up. */
export async function startGateway(toolgate: string, profile: string): Promise<RunningGateway> {
  const child = spawn(process.execPath, [toolgate, 'serve', '--json', '--profile', profile], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const gone = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', (code) => resolve(code))
  })
  const stop = () => endProcess(child, () => void child.kill('SIGTERM'))
  const firstLine = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line))
  const ended = gone.then((code) => {
    throw new DemoError(`the gateway ended with ${code} before it was ready`, said.trimEnd().split('\n'))
  })
  ended.catch(() => {
    // Once it is ready, ending is not a failure.
  })
  try {
    const ready = await within(30, 'starting the gateway', Promise.race([firstLine, ended]))
    return { ready, gone, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
