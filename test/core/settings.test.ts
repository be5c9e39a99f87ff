import { renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Settings } from '../../shared/settings.ts'
import { createLiveSettings } from '../../src-main/core/settings.ts'
import { fakeClock } from '../fakes/clock.ts'
import { testFolder } from '../fakes/folder.ts'

const first = Settings.parse({})

function followed() {
  const [file, clock] = [join(testFolder(), 'settings.json'), fakeClock()]
  writeFileSync(file, '{}')
  const state = { recorded: 0, refuse: '', hold_sec: 50 }
  const settings = createLiveSettings({
    ...{ first, file, clock, read: () => Settings.parse({ hold_sec: state.hold_sec }), onProblem: () => {} },
    onChange() {
      if (state.refuse) throw new Error(state.refuse)
      state.recorded++
    },
  })
  return { file, clock, state, settings }
}

test('a change that cannot be recorded does not hold, ends nothing, and is taken once it can', () => {
  const { file, clock, state, settings } = followed()
  Object.assign(state, { refuse: 'AUDIT_UNWRITABLE', hold_sec: 1 })
  writeFileSync(file, '{"hold_sec":1}')
  clock.advance(2_000)
  expect([settings.now().hold_sec, settings.view().problem]).toEqual([50, 'AUDIT_UNWRITABLE'])
  state.refuse = ''
  clock.advance(2_000)
  expect([settings.now().hold_sec, settings.view().problem, state.recorded]).toEqual([1, null, 1])
  clock.advance(10_000)
  expect(state.recorded).toBe(1)
})

test('a file that cannot be looked at ends nothing, and is followed again afterwards', () => {
  const { file, clock, state, settings } = followed()
  renameSync(file, `${file}.aside`)
  symlinkSync(file, file)
  clock.advance(2_000)
  expect(settings.view().problem).toContain('ELOOP')
  state.hold_sec = 2
  renameSync(`${file}.aside`, file)
  writeFileSync(file, '{"hold_sec":2}')
  clock.advance(2_000)
  expect([settings.now().hold_sec, settings.view().problem]).toEqual([2, null])
})
