import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clientOf } from '../../../src-main/core/presence/client-of.ts'
import { linuxProcesses } from '../../../src-main/core/presence/linux-processes.ts'
import { psProcesses } from '../../../src-main/core/presence/ps-processes.ts'
import { inTerminal, withoutTerminal } from '../../fakes/in-terminal.ts'

const shim = 'sh -c \'echo "pid $$"; exec cat >/dev/null\''

test.each([
  ['/proc', linuxProcesses, process.platform === 'linux'],
  ['ps and lsof', psProcesses, existsSync('/usr/bin/lsof')],
] as const)('through %s: launchers are passed over, the client is not', async (_name, table, here) => {
  if (!here) return
  const direct = await withoutTerminal(`cat | ${shim}`)
  expect(await clientOf(table, direct.pid)).toBe(direct.child.pid)

  const launched = await withoutTerminal(
    `cat | sh -c "${shim.replaceAll('"', '\\"').replaceAll('$$', '\\$\\$')}; true"`,
  )
  expect((await table.read(launched.pid))?.parent).not.toBe(launched.child.pid)
  expect(await clientOf(table, launched.pid)).toBe(launched.child.pid)

  const { pid, child } = await inTerminal(`${shim}; true`)
  expect(await clientOf(table, pid)).toBe(child.pid)
  expect(await clientOf(table, 4_194_305)).toBeNull()
})
