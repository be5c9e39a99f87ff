import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CallError } from '../../../shared/call-errors.ts'
import { checkTerminal } from '../../../src-main/core/presence/check-terminal.ts'
import { linuxProcesses } from '../../../src-main/core/presence/linux-processes.ts'
import type { ProcessTable } from '../../../src-main/core/presence/process-table.ts'
import { psProcesses } from '../../../src-main/core/presence/ps-processes.ts'
import { inTerminal, terminalInside, withoutTerminal } from '../../fakes/in-terminal.ts'

const nobody = { servers: [], clients: [] }
const hasPs = existsSync('/usr/bin/lsof') || existsSync('/usr/sbin/lsof')

async function verdict(table: ProcessTable, pid: number, governed: { servers: number[]; clients: number[] } = nobody) {
  try {
    await checkTerminal(table, pid, governed)
    return 'present'
  } catch (error) {
    return error instanceof CallError ? error.code : String(error)
  }
}

describe.each([
  ['/proc', linuxProcesses, process.platform === 'linux'],
  ['ps and lsof', psProcesses, hasPs],
] as const)('through %s', (_name, table, here) => {
  test.runIf(here)('a person in a terminal of their own is present', async () => {
    const { pid } = await inTerminal()
    expect(await verdict(table, pid)).toBe('present')
  })

  test.runIf(here)('without a terminal: refused', async () => {
    const { pid } = await withoutTerminal()
    expect(await verdict(table, pid)).toBe('PRESENCE_NO_TERMINAL')
  })

  test.runIf(here)('in a terminal, but fed by a pipe: refused', async () => {
    const { pid } = await inTerminal('sleep 1000 | sh -c \'echo "pid $$"; exec cat >/dev/null\'')
    expect(await verdict(table, pid)).toBe('PRESENCE_NO_TERMINAL')
  })

  test.runIf(here)('in the background of a terminal: refused', async () => {
    const { pid } = await inTerminal('set -m; sh -c \'echo "pid $$"; exec sleep 1000 </dev/tty\' & wait')
    expect(await verdict(table, pid)).toBe('PRESENCE_BACKGROUND')
  })

  test.runIf(here)('in a terminal that a governed server opened: refused', async () => {
    const { pid, child } = await withoutTerminal(
      `sh -c "${terminalInside.replaceAll('"', '\\"').replaceAll('$$', '\\$\\$')}"; true`,
    )
    expect(await verdict(table, pid)).toBe('present')
    expect(await verdict(table, pid, { servers: [child.pid ?? 0], clients: [] })).toBe('PRESENCE_IN_SERVER')
    expect(await verdict(table, pid, { servers: [], clients: [child.pid ?? 0] })).toBe('PRESENCE_IN_CLIENT')
    expect(await verdict(table, pid, { servers: [], clients: [pid] })).toBe('PRESENCE_IN_CLIENT')
  })

  test.runIf(here)('with the mark of governance, its own or inherited: refused', async () => {
    const marked = await inTerminal(undefined, { TOOLGATE_GOVERNED: '1' })
    expect(await verdict(table, marked.pid)).toBe('PRESENCE_GOVERNED')

    const cleaned = await inTerminal('env -u TOOLGATE_GOVERNED sh -c \'echo "pid $$"; exec cat >/dev/null\'; true', {
      TOOLGATE_GOVERNED: '1',
    })
    expect(await verdict(table, cleaned.pid)).toBe('PRESENCE_GOVERNED')
  })

  test.runIf(here)('escaped from its parents by forking twice, mark inherited: refused', async () => {
    const { pid, child } = await withoutTerminal(`exec 3<&0; (cat <&3 | setsid ${terminalInside} &) ; exec cat`, {
      TOOLGATE_GOVERNED: '1',
    })
    const facts = await table.read(pid)
    expect(facts?.parent).not.toBe(child.pid)
    expect(await verdict(table, pid, { servers: [child.pid ?? 0], clients: [] })).toBe('PRESENCE_GOVERNED')
  })

  test.runIf(here)('a process that is gone cannot be inspected: refused', async () => {
    const { pid, child } = await inTerminal()
    child.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    await new Promise((resolve) => child.once('close', resolve))
    // Until somebody has asked for its exit code the system still lists it, but it has no terminal any more.
    expect(['PRESENCE_UNREADABLE', 'PRESENCE_NO_TERMINAL']).toContain(await verdict(table, pid))
  })
})

test.runIf(process.platform === 'linux')(
  'escaped with the mark removed, still in the session of its server: refused',
  async () => {
    const { pid, child } = await withoutTerminal(
      `exec 3<&0; (cat <&3 | env -u TOOLGATE_GOVERNED script -qefc 'echo "pid $$"; exec cat >/dev/null' /dev/null &) ; exec cat`,
      { TOOLGATE_GOVERNED: '1' },
    )
    expect(await verdict(linuxProcesses, pid, { servers: [child.pid ?? 0], clients: [] })).toBe('PRESENCE_IN_SERVER')
  },
)

test('a chain of parents with a hole, a loop, or a parent younger than its child is refused', async () => {
  const facts = (pid: number, parent: number, started: number) => ({
    ...{
      pid,
      parent,
      started,
      users: [process.getuid?.() ?? 0],
      session: 1,
      terminal: 'tty1',
      foreground: true,
      name: 'x',
    },
  })
  const table = (all: ReturnType<typeof facts>[]): ProcessTable => ({
    read: async (pid) => all.find((one) => one.pid === pid) ?? null,
    marking: async () => 'clear',
    readsTerminal: async () => true,
    shareInput: async () => false,
    holdsOpen: async () => true,
  })
  expect(await verdict(table([facts(9, 5, 20), facts(5, 0, 10)]), 9)).toBe('present')
  expect(await verdict(table([facts(9, 5, 20)]), 9)).toBe('PRESENCE_UNREADABLE')
  expect(await verdict(table([facts(9, 5, 20), facts(5, 9, 20)]), 9)).toBe('PRESENCE_UNREADABLE')
  expect(await verdict(table([facts(9, 5, 20), facts(5, 0, 30)]), 9)).toBe('PRESENCE_UNREADABLE')
  expect(await verdict(table([{ ...facts(9, 0, 20), users: [4242, 4242] }]), 9)).toBe('PRESENCE_OTHER_USER')
  const hiding = {
    ...table([facts(9, 5, 20), facts(5, 0, 10)]),
    marking: async (pid: number) => (pid === 9 ? 'clear' : 'unreadable'),
  }
  expect(await verdict(hiding as ProcessTable, 9)).toBe('PRESENCE_UNREADABLE')
})
