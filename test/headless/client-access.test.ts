import { expect, test } from 'vitest'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'

test('a person asks at a terminal what a client can use, by name or id, and why not the rest', async () => {
  const { toolgate, enroll, addNotes } = await liveGateway()
  await enroll()
  await addNotes()
  const issued = await person(toolgate('clients', 'issue', 'Cursor'), [['PIN:', pin]])
  expect(issued).toMatchObject({ code: 0 })

  const shown = await program(toolgate('clients', 'access', 'Cursor'))
  expect(shown).toMatchObject({ code: 0 })
  expect(shown.screen).toMatch(/^Cursor can call \d+ of \d+ tools/)
  expect(shown.screen).toContain('access policy `local.default` (the reviewed tools of approved servers)')
  expect(shown.screen).toMatch(/notes\.read_note +allowed/)
  expect(shown.screen).not.toMatch(/ denied /)

  const whole = JSON.parse((await program(toolgate('clients', 'access', 'Cursor', '--json'))).screen)
  const denied = whole.tools.filter(({ access }: { access: string }) => access === 'denied')
  expect(denied.length).toBe(whole.counts.denied)
  const again = await program(toolgate('clients', 'access', whole.id, '--all'))
  for (const { tool } of denied) expect(again.screen).toMatch(new RegExp(`notes\\.${tool} +denied +.*`))
  expect(denied.every(({ why }: { why: string }) => why.length > 0)).toBe(true)

  expect(await program(toolgate('clients', 'access', 'Nobody'))).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('toolgate clients entries'),
  })
  await person(toolgate('clients', 'issue', 'Cursor'), [['PIN:', pin]])
  expect(await program(toolgate('clients', 'access', 'Cursor'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`name one by its id: ${whole.id}, `),
  })
})
