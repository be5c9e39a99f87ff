import { readdirSync, readFileSync } from 'node:fs'
import { runs, until } from '../fakes/processes.ts'

/** One process, told apart from a later one with the same id by when it started (clock ticks since boot). */
export type Process = { pid: number; parent: number; started: string; command: string }

/** Every process of this machine that can be looked at. */
function everyProcess(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
      return [{ pid: Number(name), parent: Number(fields[1]), started: fields[19] ?? '', command }]
    } catch {
      // It ended meanwhile.
      return []
    }
  })
}

/** The processes with these ids and all that descend from them. */
export function familyOf(pids: readonly number[]): Process[] {
  const all = everyProcess()
  const family = new Set(pids)
  for (let size = 0; size !== family.size; ) {
    size = family.size
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid)
  }
  return all.filter(({ pid }) => family.has(pid))
}

/** Whether the marker is in the environment or the command line of a process. */
function carries(pid: number, marker: string): boolean {
  try {
    return ['environ', 'cmdline'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(marker))
  } catch {
    return false
  }
}

/** What still runs of a family, or carries the marker wherever it came from; this process and `but` do not count. */
function leftOf(family: readonly Process[], marker: string, but: readonly Process[] = []): Process[] {
  const known = new Set(family.map(identity))
  const spared = new Set(but.map(identity))
  return everyProcess().filter(
    (process_) =>
      process_.pid !== process.pid &&
      !spared.has(identity(process_)) &&
      (known.has(identity(process_)) || carries(process_.pid, marker)) &&
      runs(process_.pid),
  )
}

function identity({ pid, started }: Process): string {
  return `${pid} ${started}`
}

/** Waits until nothing is left of a family; the error names what is. */
export async function allGone(family: readonly Process[], marker: string, but: readonly Process[] = []): Promise<void> {
  let left = leftOf(family, marker, but)
  try {
    await until('nothing is left', () => {
      left = leftOf(family, marker, but)
      return left.length === 0
    })
  } catch {
    throw new Error(`still there: ${left.map(({ pid, command }) => `${pid} (${command.slice(0, 160)})`).join(', ')}`)
  }
}
