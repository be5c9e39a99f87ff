import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readHeadMark } from '../../../src-main/core/audit/head-mark.ts'
import { proofFiles } from '../../../src-main/core/audit/outside.ts'
import { simplePolicy, startGateway } from '../../fakes/gateway.ts'
import { newFolder, removeFolders } from './profile.ts'

afterAll(removeFolders)

const script = fileURLToPath(new URL('../../fakes/append-some.ts', import.meta.url))
const canTrace = spawnSync('strace', ['-e', 'trace=fsync', 'true']).status === 0

/** How often a process flushes files to the disk that appends `count` records one by one. */
function flushes(count: number, durability: string): number {
  const folder = newFolder()
  const trace = join(folder, 'trace')
  const words = [process.execPath, script, folder, String(count), durability]
  const run = spawnSync('strace', ['-f', '-e', 'trace=fsync,fdatasync', '-o', trace, ...words], { encoding: 'utf8' })
  expect(run).toMatchObject({ status: 0, stderr: '' })
  return readFileSync(trace, 'utf8').match(/ f(data)?sync\(/g)?.length ?? 0
}

test.skipIf(!canTrace)(
  'with every record flushed, the system is asked to flush once for each append, else for none',
  () => {
    const growth = (durability: string) => flushes(30, durability) - flushes(10, durability)
    expect(growth('every')).toBe(20)
    expect(growth('decisions')).toBe(0)
  },
)

test('with every record flushed, the mark never names a record that a power cut could take', async () => {
  const settings = { flush_records: 'every' as const }
  const gateway = await startGateway({ policy: simplePolicy(), settings })
  try {
    const { head } = proofFiles(gateway.paths)
    await gateway.addServer('notes', 'notes-server')
    const client = gateway.connect('notes')
    await client.initialize()
    for (const tool of ['read_note', 'delete_note', 'read_note']) {
      await client.call(tool, { text: 'a' })
      const mark = readHeadMark(head, null)
      expect(mark).toMatchObject({ synced: gateway.core.audit.stats().entries })
    }
  } finally {
    await gateway.close()
  }
})
