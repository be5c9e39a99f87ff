import { expect, onTestFinished, test } from 'vitest'
import { cliWords } from '../fakes/built.ts'
import { simplePolicy, person as somebody, startGateway } from '../fakes/gateway.ts'
import { addPeople, pageOf, pins } from '../fakes/people-here.ts'
import { person, program } from '../fakes/person.ts'
import { clientApart, connectClient } from '../fakes/raw-client.ts'

/** A gateway where the owner and two others may answer, and its command line. */
async function withPeople() {
  const gateway = await startGateway({ policy: simplePolicy(), settings: { hold_sec: 3600 } })
  onTestFinished(() => gateway.close())
  const { ids } = await addPeople(gateway, [{ name: 'ana', groups: ['security'] }, { name: 'bo' }])
  const toolgate = (...words: string[]) => [...cliWords, ...words, '--profile', gateway.profile]
  const listed = async () => JSON.parse((await program(toolgate('people', 'list', '--json'))).screen)
  return { gateway, ids, toolgate, listed }
}

test('who may answer is listed, and who was away comes back with their own PIN only', async () => {
  const { gateway, ids, toolgate, listed } = await withPeople()
  const ana = await pageOf(gateway, 'ana')
  const until = new Date(Date.now() + 3_600_000).toISOString()
  await ana.call('people.away', { until, delegate: ids.bo ?? '' })

  const { code, screen } = await program(toolgate('people', 'list'))
  expect(code).toBe(0)
  expect(screen).toMatch(/ana +security +away until .+, bo answers in their place/)
  expect(screen).toMatch(/bo +no group/)

  const back = (who: string, pin: string) => person(toolgate('people', 'back', '--as', who), [['PIN:', pin]])
  const another = await person(toolgate('people', 'back', '--as', 'ana'), [
    ['PIN:', pins.bo],
    ['the PIN is wrong', pins.owner],
    ['the PIN is wrong', pins.bo],
  ])
  expect(another.code).toBe(4)
  expect(await back('nobody', pins.ana)).not.toMatchObject({ code: 0 })
  expect(await listed()).toContainEqual(expect.objectContaining({ name: 'ana', away: expect.anything() }))

  expect(await back('ana', pins.ana)).toMatchObject({ code: 0, screen: expect.stringContaining('ana is back') })
  expect(await listed()).toContainEqual(expect.objectContaining({ name: 'ana', away: null }))
})

test('an answer at a terminal is that of who gave their PIN', async () => {
  const { gateway, ids, toolgate } = await withPeople()
  await gateway.addServer('notes', 'notes-server')
  // A terminal inside of a client may answer nothing, and this process is above that of its terminal.
  const client = connectClient(gateway.profile, 'notes', [], clientApart)
  onTestFinished(() => client.close())
  await client.initialize()
  const outcome = client.call('write_note', { text: 'x' })
  const { id } = await gateway.pending('write_note')
  const allowed = await person(toolgate('approvals', 'approve', id, '--as', 'ana'), [
    ['PIN:', pins.ana],
    ['Allow this call once?', 'y'],
  ])
  expect(allowed).toMatchObject({ code: 0, screen: expect.stringContaining('approved: ') })
  expect(await outcome).toMatchObject({ outcome: 'ok' })
  const proof = await gateway.core.handlers['approvals.proof']({ approval_id: id }, somebody)
  expect(proof).toMatchObject({ verified: true, statement: { by: 'ana', person: ids.ana } })
})
