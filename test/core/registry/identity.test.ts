import { createHash } from 'node:crypto'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identify } from '../../../src-main/core/registry/identity/identity.ts'
import { testFolder } from '../../fakes/folder.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('a program that is changed again and again, as quickly as can be, is always seen as it is', () => {
  const program = join(testFolder(), 'program')
  const launch = { transport: 'stdio' as const, command: program, args: [], env: {}, cwd: '/' }
  for (let turn = 0; turn < 200; turn++) {
    const text = `program ${1000 + turn}`
    writeFileSync(program, text)
    // Whoever changes a file can set back when that was, but not that its entry was changed.
    utimesSync(program, 1, 1)
    const seen = [identify(launch, () => program), identify(launch, () => program)]
    expect(seen.map(({ files }) => files[0]?.sha256)).toEqual([sha256(text), sha256(text)])
  }
})
