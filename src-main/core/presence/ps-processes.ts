import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { governedMark } from '../upstream/server-environment.ts'
import type { Marking, ProcessFacts, ProcessTable } from './process-table.ts'

/** The process table of macOS (and of any system with the same tools), asked through ps(1) and lsof(8). */
export const psProcesses: ProcessTable = {
  read: readFacts,
  marking: readMarking,
  readsTerminal: async (facts) => {
    if (facts.terminal === null) return false
    const input = (await openFiles(facts.pid)).find((file) => file.descriptor === '0')
    return input?.type === 'CHR' && ['/dev/tty', `/dev/${facts.terminal}`].includes(input.name)
  },
  shareInput: async (one, other) => {
    const [mine, theirs] = await Promise.all([inputOf(one), inputOf(other)])
    return mine !== null && mine === theirs
  },
  holdsOpen: async (pid, file) => (await openFiles(pid)).some((open) => open.type === 'REG' && open.name === file),
}

async function readFacts(pid: number): Promise<ProcessFacts | null> {
  const text = await run('ps', ['-o', 'stat=,ppid=,ruid=,uid=,pgid=,tpgid=,tty=,lstart=,comm=', '-p', String(pid)])
  const fields =
    /^\s*[^Z\s]\S*\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/m.exec(
      text ?? '',
    )
  const started = Date.parse(fields?.[7] ?? '')
  if (!fields || Number.isNaN(started)) return null
  const [, parent, real, effective, group, foregroundGroup, terminal, , name] = fields as unknown as string[]
  return {
    pid,
    parent: Number(parent),
    started,
    users: [Number(real), Number(effective)],
    // macOS does not tell sessions apart through ps; 0 equals no server's session, so only the chain of parents counts.
    session: 0,
    terminal: terminal === undefined || /^\?+$|^-$/.test(terminal) ? null : terminal,
    foreground: group === foregroundGroup,
    name: name ?? '',
  }
}

async function readMarking(pid: number): Promise<Marking> {
  const text = await run('ps', ['eww', '-o', 'command=', '-p', String(pid)])
  if (text === null) return 'unreadable'
  return text.split(/\s/).some((word) => word.startsWith(`${governedMark}=`)) ? 'marked' : 'clear'
}

/** What is behind its standard input: kind, device, node and name together tell one pipe or terminal from another. */
async function inputOf(pid: number): Promise<string | null> {
  const input = (await openFiles(pid)).find(({ descriptor }) => descriptor === '0')
  return input ? [input.type, input.place, input.name].join(' ') : null
}

type OpenFile = { descriptor: string; type: string; place: string; name: string }

async function openFiles(pid: number): Promise<OpenFile[]> {
  const text = await run('lsof', ['-w', '-n', '-P', '-a', '-p', String(pid), '-F', 'ftdin'])
  const files: OpenFile[] = []
  for (const line of (text ?? '').split('\n')) {
    const value = line.slice(1)
    const last = files.at(-1)
    if (line.startsWith('f')) files.push({ descriptor: value, type: '', place: '', name: '' })
    else if (line.startsWith('t') && last) last.type = value
    else if (/^[di]/.test(line) && last) last.place += ` ${value}`
    else if (line.startsWith('n') && last) last.name = value
  }
  return files
}

const folders = ['/bin', '/usr/bin', '/usr/sbin']

/** Output of a system tool, run by its absolute path with nothing but a fixed environment; null when it fails. */
function run(tool: 'ps' | 'lsof', args: string[]): Promise<string | null> {
  const file = folders.map((folder) => `${folder}/${tool}`).find((path) => existsSync(path))
  if (!file) return Promise.resolve(null)
  return new Promise((resolve) => {
    execFile(file, args, { env: { LC_ALL: 'C' }, timeout: 10_000, maxBuffer: 1 << 22 }, (error, stdout) =>
      resolve(error ? null : stdout),
    )
  })
}
