import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeNewFile } from '../private-file.ts'

/** A file of the policy folder as it shall be; null: not at all. */
export type WantedFile = { path: string; text: string | null }

/**
 * Writes files into the policy folder, each whole or not at all, for this user only. They are under their names together
 * before anybody of this process looks at the folder. Throws what the file system says.
 */
export function writeFiles(folder: string, wanted: readonly WantedFile[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const ready: { from: string; to: string }[] = []
  try {
    for (const { path, text } of wanted) {
      if (text === null) continue
      const from = join(folder, `.${path}.${process.pid}.new`)
      rmSync(from, { force: true })
      ready.push({ from, to: join(folder, path) })
      writeNewFile(from, text)
    }
    for (const { from, to } of ready) renameSync(from, to)
    for (const { path, text } of wanted) if (text === null) rmSync(join(folder, path), { force: true })
  } finally {
    for (const { from } of ready) rmSync(from, { force: true })
  }
}
