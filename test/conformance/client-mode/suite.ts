import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program } from '../../fakes/person.ts'
import { hostClients } from '../client-host.ts'
import { checksIn, type Findings, type Revision, suite } from '../suite.ts'
import { comeThrough } from './come-through.ts'
import type { Door } from './connect.ts'

/** Scenarios at a time, each run of the suite by itself: its own way to run several lets one forget what another saw. */
const atOnce = 2
const timeoutMs = 60_000

/**
 * The scenarios that judge a client of this revision, extensions included, from the suite's own list. Those of `auth/` are left
 * out: they need a server that wants a sign-in.
 */
async function scenariosOf(revision: Revision): Promise<string[]> {
  const { screen } = await program([process.execPath, suite, 'list'])
  const part = screen.slice(screen.indexOf('Client scenarios'), screen.indexOf('Authorization server scenarios'))
  const rows = [...part.matchAll(/^ {2}- (\S+) \[(.*)\]$/gm)].map(([, name = '', of = '']) => ({
    name,
    of: of.split(','),
  }))
  // What an extension says is not bound to a revision; its scenarios speak the newest.
  const counts = ({ of }: { of: string[] }) =>
    of.includes(revision) || (of[0] === 'extension' && revision === '2026-07-28')
  return rows.filter((row) => counts(row) && !row.name.startsWith('auth/')).map(({ name }) => name)
}

/** Runs the client scenarios of a revision, the client coming to the suite's server by `door`. */
export async function runClientSuite(door: Door, revision: Revision): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-suite-'))
  const left = await scenariosOf(revision)
  let said = ''
  const host = await hostClients((asked) => comeThrough(door, asked))
  const work = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const words = ['--scenario', name, '--spec-version', revision, '--force', '--timeout', String(timeoutMs)]
      const run = await program([process.execPath, suite, 'client', '--command', host.command, ...words, '-o', folder])
      if (run.code !== 0) said += `${name}:\n${run.screen}${run.stderr}\n`
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
    const checks = checksIn(folder)
    const count = (wanted: string) => [...checks.values()].flat().filter((status) => status === wanted).length
    const total = `${count('SUCCESS')} passed, ${count('FAILURE')} failed`
    return { checks, total, scored: said === '', said }
  } finally {
    await host.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
