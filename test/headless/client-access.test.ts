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

test('a person binds an access policy to a client at a terminal: what narrows holds at once, what widens waits', async () => {
  const { toolgate, enroll, addNotes } = await liveGateway()
  await enroll()
  await addNotes()
  await person(toolgate('clients', 'issue', 'Cursor'), [['PIN:', pin]])
  const first = await program(toolgate('clients', 'bind', 'Cursor', 'mcp.read_only'))
  expect(first).toMatchObject({
    code: 0,
    screen: expect.stringMatching(/loosens the policy[\s\S]*stays until you confirm/),
  })
  const confirmed = await person(toolgate('policy', 'confirm'), [
    ['PIN:', pin],
    ['[y/N]', 'y'],
  ])
  expect(confirmed).toMatchObject({ code: 0 })
  const access = async () => (await program(toolgate('clients', 'access', 'Cursor'))).screen
  expect(await access()).toContain('access policy `mcp.read_only` (whatever was reviewed as `read`), bound to it')
  const second = await program(toolgate('clients', 'bind', 'Cursor', 'mcp.empty'))
  expect(second).toMatchObject({ code: 0, screen: 'bound to Cursor: `mcp.empty`\n' })
  const less = await program(toolgate('clients', 'unbind', 'Cursor', 'mcp.read_only'))
  expect(less).toMatchObject({ code: 0, screen: 'no longer bound to Cursor: `mcp.read_only`\n' })
  expect(await access()).toMatch(/^Cursor can call none of/)
  expect(await program(toolgate('clients', 'unbind', 'Cursor', 'mcp.read_only'))).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('does not bind `mcp.read_only`'),
  })
})
