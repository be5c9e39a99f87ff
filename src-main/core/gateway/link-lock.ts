import { closeSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { processStart } from './process-start.ts'

const attempts = 20
const lockName = /^gateway-(\d+)-([0-9a-z]+)\.lock$/

/** A profile that is ours until released. */
export type ProfileLock = { release: () => void }

/** A gateway runs on this profile already. */
export class ProfileBusy extends Error {
  readonly pid: number | null
  constructor(pid: number | null) {
    const who = pid ? `process ${pid}` : 'an unknown process'
    super(`another gateway (${who}) already serves this profile; use it, or end it with \`toolgate shutdown\``)
    this.name = 'ProfileBusy'
    this.pid = pid
  }
}

/**
 * Makes this process the only gateway on the profile, or throws ProfileBusy. `answers`: whether somebody accepts
 * connections on the profile's socket.
 *
 * A lock is an empty file named after its process and when that started. Whoever wants to be the one first creates its
 * file, then looks for files of other living processes: of two that start at once at least one sees the other, so there
 * are never two. Names are never used again, so removing the file of a process that is gone cannot hit anybody else:
 * the usual trouble with lock files that are taken over. Who sees another withdraws, and tries again after a random time.
 */
export async function lockProfile(run: string, answers: () => Promise<boolean>): Promise<ProfileLock> {
  const own = join(run, `gateway-${process.pid}-${processStart(process.pid)}.lock`)
  let rival: number | undefined
  for (let attempt = 0; attempt < attempts; attempt++) {
    create(own)
    rival = livingRival(run, own)
    if (rival === undefined) return { release: () => rmSync(own, { force: true }) }
    rmSync(own, { force: true })
    if (await answers()) break
    await pause(20 + Math.random() * 130)
  }
  throw new ProfileBusy(rival ?? null)
}

function create(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new ProfileBusy(process.pid)
    throw error
  }
}

/** The process id of another living holder or starter, removing what dead ones left on the way. */
function livingRival(run: string, own: string): number | undefined {
  for (const name of readdirSync(run)) {
    const [, pid, start] = lockName.exec(name) ?? []
    if (!pid || join(run, name) === own) continue
    const now = processStart(Number(pid))
    if (now === start || now === 'unknown') return Number(pid)
    rmSync(join(run, name), { force: true })
  }
  return undefined
}
