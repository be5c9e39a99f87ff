import { expect, test } from 'vitest'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'

test('a person turns observe mode on with the PIN, it shows wherever one looks, and any program ends it', async () => {
  const { toolgate, enroll, addNotes, client } = await liveGateway()
  expect(await enroll()).toMatchObject({ code: 0 })
  await addNotes()
  const show = async () => (await program(toolgate('observe', 'show'))).screen

  expect(await show()).toContain('off: policy decides every call')
  expect(await program(toolgate('observe', 'start', '--yes'))).toMatchObject({ code: 4 })
  const start = (...more: string[]) =>
    toolgate('observe', 'start', '--server', 'notes', '--reason', 'new rules', ...more)
  const changedMind = await person(start(), [
    ['PIN:', pin],
    ['Turn observe mode on?', 'n'],
  ])
  expect(changedMind).toMatchObject({ code: 1, screen: expect.stringContaining('calls to `notes` will run although') })
  expect(await show()).toContain('off: ')

  expect(await person(start('--days', '2', '--yes'), [['PIN:', pin]])).toMatchObject({ code: 0 })
  expect(await (await client()).call('write_note', { text: 'x' })).toMatchObject({ outcome: 'ok' })
  expect(await show()).toMatch(/server notes {2}until .* let 1 call through {2}new rules/)
  expect((await program(toolgate('status'))).screen).toMatch(/→ observe mode is on for server `notes` until/)

  const ended = await program(toolgate('observe', 'stop', '--json'))
  expect(JSON.parse(ended.screen)).toEqual({ observing: [], forbidden: false })
  expect(await program(toolgate('status'))).toMatchObject({ screen: expect.not.stringContaining('observe mode') })
})

test.each([
  [['start', '--server', 'a', '--client', 'b'], 2, 'exclude each other'],
  [['start', '--days', '8', '--yes'], 2, 'days'],
  [['start', '--server', 'nobody', '--yes'], 5, 'no server `nobody` is registered'],
])('`observe %j` says what is wrong', async (words, code, message) => {
  const { toolgate, enroll } = await liveGateway()
  await enroll()
  const outcome = await person(toolgate('observe', ...words), [['PIN:', pin]])
  expect(outcome).toMatchObject({ code, screen: expect.stringContaining(message) })
})
