import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { watchFolders } from '../../../src-main/core/snapshots/watch-folders.ts'
import { rules } from '../policy/call.ts'
import { allow, deny, instance, ruleIds } from './harness.ts'

test('a saved file is in force without anybody asking', () => {
  const it = instance({ 'a.yaml': rules(allow) })
  const snapshots = it.start()
  it.write('a.yaml', rules(allow, deny))
  it.clock.advance(3_000)
  expect(ruleIds(snapshots)).toEqual(['allow', 'deny'])
})

test('so is one that was moved into place, and a folder that appears later', () => {
  const it = instance({ 'a.yaml': rules(allow) })
  const snapshots = it.start()
  it.write('.new', rules(allow, deny))
  renameSync(join(it.folder, '.new'), join(it.folder, 'a.yaml'))
  it.clock.advance(3_000)
  expect(ruleIds(snapshots)).toEqual(['allow', 'deny'])

  it.writeManaged('org.yaml', rules('id: org, when: "true", decision: DENY'))
  it.clock.advance(3_000)
  expect(ruleIds(snapshots)).toEqual(['allow', 'deny', 'org'])
})

test('a file that is still being written is not read as policy', () => {
  const it = instance({ 'a.yaml': rules(allow) })
  const snapshots = it.start()
  const whole = rules(allow, deny)
  it.clock.advance(1_950)
  for (let length = 10; length < whole.length; length += 10) {
    it.write('a.yaml', whole.slice(0, length))
    it.clock.advance(60)
  }
  expect(it.events.map(({ event }) => event)).toEqual(['policy.in_force'])

  it.write('a.yaml', whole)
  it.clock.advance(3_000)
  expect(ruleIds(snapshots)).toEqual(['allow', 'deny'])
  expect(it.events.map(({ event }) => event)).toEqual(['policy.in_force', 'policy.in_force'])
})

test('after close nothing is read any more', () => {
  const it = instance({ 'a.yaml': rules(allow) })
  const snapshots = it.start()
  snapshots.close()
  it.write('a.yaml', rules(allow, deny))
  it.clock.advance(10_000)
  expect(ruleIds(snapshots)).toEqual(['allow'])
})

test('the platform says that something changed, long before the regular look', async () => {
  const it = instance({ 'a.yaml': rules(allow) })
  let changed = 0
  const timers: { ms: number; fn: () => void }[] = []
  const after = (ms: number, fn: () => void) => {
    timers.push({ ms, fn })
    return () => {}
  }
  const stop = watchFolders([it.folder], { ...it.clock, after }, () => changed++)
  try {
    rmSync(join(it.folder, 'a.yaml'))
    await vi.waitFor(() => expect(timers.some(({ ms }) => ms < 1_000)).toBe(true), { timeout: 20_000 })
    for (const { fn } of timers.filter(({ ms }) => ms < 1_000)) fn()
    expect(changed).toBe(1)
  } finally {
    stop()
  }
})
