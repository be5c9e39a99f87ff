import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder of this test alone, short enough for sockets, removed when the test ends. */
export function testFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'tg-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
