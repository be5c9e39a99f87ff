import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { arch, cpus, loadavg, platform, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { version } from '../src-main/host/version.ts'
import { median } from './statistics.ts'

/** What the figures of a run depend on. `flushMs`: a small write made safe on the disk that the profile lies on. */
export type About = {
  toolgate: string
  commit: string
  node: string
  system: string
  processor: string
  flushMs: number
  load: number
  at: string
}

/** Looks at this machine and this checkout. */
export function aboutRun(): About {
  const [first] = cpus()
  return {
    toolgate: version(),
    commit: commitOf(),
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processor: `${first?.model ?? 'unknown'} × ${cpus().length}`,
    flushMs: flushMs(),
    load: loadavg()[0] ?? 0,
    at: new Date().toISOString(),
  }
}

/** The commit of the checkout, marked when files differ from it; `unknown` in a copy that is no checkout. */
function commitOf(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
    return `${git('rev-parse', '--short', 'HEAD').trim()}${changed ? ' and changes' : ''}`
  } catch {
    return 'unknown'
  }
}

function flushMs(): number {
  const file = join(tmpdir(), `toolgate-bench-${process.pid}`)
  const fd = openSync(file, 'w')
  try {
    return median(
      Array.from({ length: 50 }, () => {
        writeSync(fd, 'x'.repeat(4096))
        const began = performance.now()
        fdatasyncSync(fd)
        return performance.now() - began
      }),
    )
  } finally {
    closeSync(fd)
    rmSync(file)
  }
}
