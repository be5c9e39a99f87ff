import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { cliWords } from './built.ts'
import { testFolder } from './folder.ts'
import { person } from './person.ts'
import { clientApart, connectClient, type RawClient } from './raw-client.ts'

/** The PIN of the person in tests. */
export const pin = '480251'

const servers = fileURLToPath(new URL('./servers', import.meta.url))

/**
 * `toolgate serve` as a process of its own with a profile of its own, as people run it; ended with the test. The test
 * drives it only through commands and shims. `env`: what its environment holds besides.
 */
export async function liveGateway(profile = join(testFolder(), 'profile'), env: Record<string, string> = {}) {
  const child = spawn(cliWords[0] ?? '', [...cliWords.slice(1), 'serve', '--json', '--profile', profile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const clients: RawClient[] = []
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()))
    await end(child)
  })
  const ready = await firstLine(child)
  const toolgate = (...words: string[]) => [...cliWords, ...words, '--profile', profile]
  return {
    child,
    ready,
    profile,
    paths: instancePaths(profile),
    toolgate,

    /** Enrols the PIN, as every command that needs a person expects. */
    enroll: () =>
      person(toolgate('presence', 'enroll'), [
        ['new PIN', pin],
        ['same again', pin],
      ]),

    /** Registers one of the small servers of these tests and approves all of its tools as proposed. */
    async addNotes(): Promise<void> {
      const words = [...cliWords, 'servers', 'add', 'notes', '--yes', '--profile', profile, '--']
      await succeed(person([...words, process.execPath, join(servers, 'notes-server.mjs')]))
      await succeed(person(toolgate('servers', 'approve', 'notes', '--yes'), [['PIN:', pin]]))
    },

    /** A client that has said hello to a server, through a real shim. */
    async client(server = 'notes', options: string[] = []): Promise<RawClient> {
      const client = connectClient(profile, server, options, clientApart)
      clients.push(client)
      await client.initialize()
      return client
    },
  }
}

async function succeed(run: ReturnType<typeof person>): Promise<void> {
  const { code, screen } = await run
  if (code !== 0) throw new Error(`ended with ${code}:\n${screen}`)
}

function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    let [text, complaints] = ['', '']
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      complaints += chunk
    })
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\n')) resolve(JSON.parse(text))
    })
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${complaints}`)))
  })
}

/** Asks a process to end and waits until it has. */
export async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
  return child.exitCode
}
