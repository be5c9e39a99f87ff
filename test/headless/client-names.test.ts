import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testFolder } from '../fakes/folder.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'

test('a client is named by the name of its entry wherever one is taken, and while it is stopped its access says so', async () => {
  const { toolgate, enroll } = await liveGateway()
  await enroll()
  const issue = () => person(toolgate('clients', 'issue', 'Cursor'), [['PIN:', pin]])
  await issue()
  const [{ id }] = JSON.parse((await program(toolgate('clients', 'entries', '--json'))).screen)

  const observed = await person(toolgate('observe', 'start', '--client', 'Cursor', '--yes'), [['PIN:', pin]])
  expect(observed).toMatchObject({ code: 0, screen: expect.stringContaining(`client Cursor (${id})`) })
  expect(await program(toolgate('observe', 'stop', '--client', 'Cursor'))).toMatchObject({ code: 0 })
  const opened = await program(toolgate('incidents', 'open', 'odd reads', '--client', 'Cursor'))
  expect(opened).toMatchObject({ code: 0, screen: expect.stringContaining(`client Cursor (${id})`) })

  expect((await program(toolgate('clients', 'access', 'Cursor'))).screen).not.toContain('stopped')
  const stopped = await program(toolgate('stop', '--client', 'Cursor', '--json'))
  expect(JSON.parse(stopped.screen)).toEqual({ stopped: true, client: id })
  const access = async () => (await program(toolgate('clients', 'access', 'Cursor'))).screen
  expect(await access()).toMatch(/^! stopped: client `Cursor` .*toolgate resume/)
  await program(toolgate('stop'))
  expect(await access()).toMatch(/^! stopped: everything, /)

  await issue()
  expect(await person(toolgate('clients', 'revoke', 'Cursor'), [['PIN:', pin]])).toMatchObject({
    code: 2,
    screen: expect.stringContaining(`name one by its id: ${id}, `),
  })
  expect(await person(toolgate('clients', 'revoke', id), [['PIN:', pin]])).toMatchObject({ code: 0 })
  expect(await person(toolgate('clients', 'revoke', 'Cursor'), [['PIN:', pin]])).toMatchObject({ code: 0 })

  const made = ['token', 'create', '--client', 'VS Code']
  expect(await person(toolgate(...made), [['PIN:', pin]])).toMatchObject({ code: 0 })
  expect(await person(toolgate('token', 'revoke', 'VS Code'), [['PIN:', pin]])).toMatchObject({ code: 0 })
})

test('clients are looked for in the home of the account, whatever HOME a gateway was started with, and it is said where', async () => {
  const elsewhere = testFolder()
  const { toolgate } = await liveGateway(join(testFolder(), 'profile'), { HOME: elsewhere })
  const { screen } = await program(toolgate('clients', 'list'))
  expect(screen).toMatch(new RegExp(`looked into ${userInfo().homedir}\\n$`))
  const there = await program(toolgate('clients', 'list', '--home', elsewhere))
  expect(there.screen).toBe(`no AI client was found; looked into ${elsewhere}\n`)
})
