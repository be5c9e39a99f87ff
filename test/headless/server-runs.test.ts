import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { testFolder } from '../fakes/folder.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'

const frail = fileURLToPath(new URL('../fakes/servers/frail-server.mjs', import.meta.url))

test('a server that keeps ending is shown everywhere, restarted and stopped, and its settings are changed', async () => {
  const cue = join(testFolder(), 'cue')
  writeFileSync(cue, '')
  const { toolgate, enroll, client } = await liveGateway()
  await enroll()
  const screen = async (...words: string[]) => (await program(toolgate(...words))).screen
  const approve = () => person(toolgate('servers', 'approve', 'frail', '--yes'), [['PIN:', pin]])
  const add = toolgate('servers', 'add', 'frail', '--yes', '--env', `FRAIL_CUE=${cue}`)
  expect((await program([...add, '--', process.execPath, frail])).code).toBe(0)
  expect((await approve()).code).toBe(0)
  expect(await screen('servers', 'list')).toContain('frail: approved, idle')
  const ai = await client('frail')
  expect((await ai.call('read_state')).outcome).toBe('ok')
  expect(await screen('servers', 'show', 'frail')).toMatch(
    /running, 1 process\n {2}for raw-client, process \d+, since /,
  )

  writeFileSync(cue, 'die at start')
  let outcome = (await ai.call('end_read')).outcome
  for (let tries = 0; outcome === 'SERVER_EXITED' && tries < 10; tries++) {
    outcome = (await ai.call('read_state')).outcome
  }
  expect(outcome).toBe('SERVER_CRASHING')
  const shown = await screen('servers', 'show', 'frail')
  expect(shown).toContain('it ended with code 4')
  expect(shown).toContain('it said "no licence was found, see [masked: github-token]"')
  expect(shown).toMatch(/calls are refused, the next try is in \d+ (s|min)/)
  const status = await program(toolgate('status'))
  expect([status.code, status.screen]).toEqual([1, expect.stringMatching(/! `frail` keeps ending.*servers show frail/)])
  const doctor = await program(toolgate('doctor'))
  expect([doctor.code, doctor.screen]).toEqual([1, expect.stringContaining('BAD  server frail: it keeps ending')])

  writeFileSync(cue, '')
  expect(await screen('servers', 'restart', 'frail')).toContain('frail is started again')
  expect((await ai.call('read_state')).outcome).toBe('ok')
  expect(await screen('servers', 'stop', 'frail')).toContain('frail is ended')
  expect(await screen('servers', 'list')).toContain('frail: approved, idle')

  const set = await person(toolgate('servers', 'set', 'frail', '--env', 'LEVEL=high', '--trust', 'trusted'), [
    ['It has to be approved again', 'y'],
  ])
  expect(set.code, set.screen).toBe(0)
  for (const words of ['then   with LEVEL=high', 'then   trust level trusted', 'next: ']) {
    expect(set.screen).toContain(words)
  }
  expect((await ai.call('read_state')).outcome).toBe('SERVER_NOT_APPROVED')
  expect((await approve()).code).toBe(0)
  expect((await ai.call('read_state')).outcome).toBe('ok')
  const wrong = await program(toolgate('servers', 'set', 'frail'))
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('nothing is to be changed')])

  const settings = await screen('settings', 'show')
  expect(settings).toMatch(/server_processes +256 +server processes and connections in all/)
}, 120_000)
