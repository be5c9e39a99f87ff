import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { testFolder } from '../fakes/folder.ts'
import { startLocker } from './child.ts'

/** A profile whose audit can be made unwritable for real, and writable again. */
export type Breakable = { folder: string; profile: string; breakIt: () => Promise<void>; mend: () => Promise<void> }

/** Fills a disk with files of its own to the last byte. Needs the right to mount. */
function onSmallDisk(): Breakable {
  const folder = testFolder()
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  if (!mount(disk)) throw new Error('a small disk cannot be mounted')
  onTestFinished(() => void spawnSync('/bin/umount', ['-l', disk]))
  const filler = join(disk, 'filler')
  return {
    ...{ folder, profile: join(disk, 'profile') },
    async breakIt() {
      try {
        for (;;) appendFileSync(filler, Buffer.alloc(4096))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    mend: async () => rmSync(filler),
  }
}

/** Another process holds the database and does not let go. */
function withLocker(): Breakable {
  const folder = testFolder()
  const profile = join(folder, 'profile')
  let mend = async () => {}
  return {
    ...{ folder, profile },
    async breakIt() {
      mend = await startLocker(join(profile, 'toolgate.db'))
    },
    mend: () => mend(),
  }
}

/** The ways in which an audit becomes unwritable here. */
export const breakages = { 'a full disk': onSmallDisk, 'a locked database': withLocker } as const

function mount(folder: string): boolean {
  return spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder]).status === 0
}

/** Whether this user may mount a disk; nobody else can fill one on purpose. */
export function mayMount(): boolean {
  if (process.platform !== 'linux') return false
  const folder = mkdtempSync(join(tmpdir(), 'tg-'))
  const may = mount(folder)
  if (may) spawnSync('/bin/umount', [folder])
  rmSync(folder, { recursive: true })
  return may
}
