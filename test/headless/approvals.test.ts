import { hash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testFolder } from '../fakes/folder.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program, sitDown } from '../fakes/person.ts'

type Listed = { id: string; tool: string; level: number }

async function withNotes() {
  const gateway = await liveGateway()
  expect(await gateway.enroll()).toMatchObject({ code: 0 })
  await gateway.addNotes()
  const list = async (): Promise<Listed[]> =>
    JSON.parse((await program(gateway.toolgate('approvals', 'list', '--json'))).screen)
  /** Waits until a call of this tool waits for a person. */
  const waiting = async (tool: string): Promise<Listed> => {
    for (;;) {
      const found = (await list()).find((view) => view.tool === tool)
      if (found) return found
    }
  }
  return { ...gateway, list, waiting }
}

test('a person sees the whole call and allows it once', async () => {
  const { toolgate, client, waiting, list } = await withNotes()
  const call = (await client()).call('write_note', { text: 'milk\u202e' })
  const { id } = await waiting('write_note')

  const shown = (await program(toolgate('approvals', 'show', id))).screen
  expect(shown).toContain('wants to run notes › write_note, which changes something')
  expect(shown).toMatch(/arguments {2}.*milk/)
  expect(shown).not.toContain('\u202e')
  expect((await program(toolgate('approvals', 'list'))).screen).toContain(id)

  expect(await program(toolgate('approvals', 'approve', id, '--yes'))).toMatchObject({ code: 4 })
  const changedMind = await person(toolgate('approvals', 'approve', id), [
    ['PIN:', pin],
    ['Allow this call once?', 'n'],
  ])
  expect(changedMind.code).toBe(1)
  const allowed = await person(toolgate('approvals', 'approve', id), [
    ['PIN:', pin],
    ['Allow this call once?', 'y'],
  ])
  expect(allowed).toMatchObject({ code: 0, screen: expect.stringContaining('approved: ') })
  expect(await call).toMatchObject({ outcome: 'ok' })
  expect(await list()).toEqual([])
  expect(await person(toolgate('approvals', 'approve', id, '--yes'), [['PIN:', pin]])).toMatchObject({ code: 5 })
})

test('a person allows a call with other arguments, which a file holds', async () => {
  const { toolgate, client, waiting } = await withNotes()
  const folder = testFolder()
  const asked = (await client()).call('write_note', { text: 'mine' })
  const { id } = await waiting('write_note')
  const file = join(folder, 'other.json')
  writeFileSync(file, '{"text": 7}')
  const approve = () =>
    person(toolgate('approvals', 'approve', id, '--arguments', file), [
      ['PIN:', pin],
      ['Allow this call once, with these arguments?', 'y'],
    ])
  expect(await approve()).toMatchObject({ code: 4, screen: expect.stringContaining('`/text` must be string') })
  writeFileSync(file, '{"text": "theirs"}')
  expect(await approve()).toMatchObject({ code: 0, screen: expect.stringContaining('instead    {"text": "theirs"}') })
  expect(await asked).toMatchObject({ outcome: 'ok' })
  const missing = await person(toolgate('approvals', 'approve', id, '--arguments', join(folder, 'none')), [])
  expect(missing).toMatchObject({ code: 2, screen: expect.stringContaining('cannot be read') })
})

test('a denied call says why to its caller', async () => {
  const { toolgate, client, waiting } = await withNotes()
  const call = (await client()).call('write_note', { text: 'x' })
  const { id } = await waiting('write_note')

  const denied = await person(toolgate('approvals', 'deny', id, '--yes', '--reason', 'not now'), [['PIN:', pin]])
  expect(denied.code).toBe(0)
  expect(await call).toMatchObject({ outcome: 'APPROVAL_DENIED', text: expect.stringContaining('not now') })
})

test('a terminal may not allow above level 2', async () => {
  const { toolgate, client, waiting, paths } = await withNotes()
  const file = join(paths.policy, 'starter.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('level: 1', 'level: 3'))
  const inForce = async (): Promise<unknown> =>
    (await program(toolgate('policy', 'show'))).screen.includes('at level 3 about write') ? undefined : inForce()
  await inForce()
  const call = (await client()).call('write_note', { text: 'x' })
  const { id, level } = await waiting('write_note')
  expect(level).toBe(3)

  const outcome = await person(toolgate('approvals', 'approve', id, '--yes'), [['PIN:', pin]])
  expect(outcome).toMatchObject({ code: 4, screen: expect.stringContaining('answer it in the approval window') })
  expect(await person(toolgate('approvals', 'deny', id, '--yes'), [['PIN:', pin]])).toMatchObject({ code: 0 })
  expect(await call).toMatchObject({ outcome: 'APPROVAL_DENIED' })
})

test('watch asks about each call as it comes', async () => {
  const { toolgate, client, profile } = await withNotes()
  const watcher = sitDown(toolgate('approvals', 'watch'), [['PIN:', pin]])
  await watcher.seen('waiting for calls')
  const notes = await client()
  const first = notes.call('write_note', { text: 'one' })
  await watcher.seen(/"one"[\s\S]*Enter to leave it/)
  // What answers other questions answers none of these, and is not taken for leaving it.
  watcher.type('n\r')
  await watcher.seen(/`n` is none of these[\s\S]*type a \(allow once\), d \(deny\)/)
  // The second `a` was typed before the second call could be seen, so it must not answer it.
  watcher.type('a\ra\r')
  expect(await first).toMatchObject({ outcome: 'ok' })
  const second = notes.call('write_note', { text: 'two' })
  await watcher.seen(/"two"[\s\S]*Enter to leave it/)
  watcher.type('r\r')
  await watcher.seen('reason:')
  watcher.type('too dear\r')
  expect(await second).toMatchObject({ outcome: 'APPROVAL_DENIED', text: expect.stringContaining('too dear') })

  await program(toolgate('shutdown'))
  await watcher.seen('waiting for the next one')
  await liveGateway(profile)
  await watcher.seen(/next one[\s\S]*PIN:/)
  watcher.type('\u0003')
  expect(await watcher.done).toMatchObject({ code: 1 })
  expect(await program(toolgate('approvals', 'watch'))).toMatchObject({ code: 2 })
})

test('afterwards the terminal says what an answer proves, and with a PIN shows what was hashed', async () => {
  const { toolgate, client, waiting } = await withNotes()
  const call = (await client()).call('write_note', { text: 'milk\u202e' })
  const { id } = await waiting('write_note')
  expect(await program(toolgate('approvals', 'proof', id))).toMatchObject({ code: 5 })
  await person(toolgate('approvals', 'approve', id, '--yes', '--reason', 'for the shop'), [['PIN:', pin]])
  await call

  const { code, screen } = await program(toolgate('approvals', 'proof', id))
  expect(code).toBe(0)
  expect(screen).toMatch(/answer {5}approved by /)
  expect(screen).toContain('signature  holds')
  expect(screen).toContain('wants to run notes › write_note')
  expect(screen).not.toContain('\u202e')
  expect(await program(toolgate('approvals', 'proof', id, '--full', 'an audit'))).toMatchObject({ code: 4 })
  const { shown, shown_hash } = JSON.parse(
    (await person(toolgate('approvals', 'proof', id, '--full', 'an audit', '--json'), [['PIN:', pin]])).screen.replace(
      /^[^{]*/,
      '',
    ),
  )
  expect(hash('sha256', shown)).toBe(shown_hash)
  expect(await program(toolgate('audit', 'verify'))).toMatchObject({ code: 0 })
})
