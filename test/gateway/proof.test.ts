import { hash } from 'node:crypto'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { answerSigner } from '../../src-main/core/audit/answer-statement.ts'
import { createSigningKey } from '../../src-main/core/audit/signing-key.ts'
import { verifyProfile } from '../../src-main/core/audit/verify-database.ts'
import type { Door } from '../../src-main/core/control/handlers.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { fileSecrets } from '../../src-main/host/secrets.ts'
import { attack, changed, rechained, replaceRows, rows } from '../core/audit/tamper.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { fakeSecrets } from '../fakes/secrets.ts'

let gateway: TestGateway

afterEach(async () => {
  await gateway.close()
})

const app: Door = { name: 'app', present: false, pid: null }
const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'
const proof = (id: string) => gateway.core.handlers['approvals.proof']({ approval_id: id }, app)
const shown = (id: string) =>
  gateway.core.handlers['approvals.shown']({ approval_id: id, why: 'a question of the auditor' }, person)
const events = (name: string) =>
  gateway.entries().flatMap((entry) => (entry.kind === 'event' && entry.event === name ? [entry.detail] : []))

/** One answered call; gives the request as it was shown. */
async function answered(
  answer: 'approve' | 'deny',
  text = 'buy milk',
  options: Parameters<typeof startGateway>[0] = {},
) {
  gateway = await startGateway({ policy: simplePolicy(), ...options })
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  const call = client.call('write_note', { text })
  const view = await gateway.pending('write_note')
  await gateway.answer(view, answer, 'it is for the shop')
  await call
  return view
}

test.each(['approve', 'deny'] as const)('the record of a person who says %s proves what they saw', async (answer) => {
  const view = await answered(answer)
  const { statement, preview, ...rest } = await proof(view.id)
  expect(rest).toMatchObject({ verified: true, content: 'kept', reason: 'it is for the shop' })
  const { snapshot } = events('approval.settled').map((detail) => detail.statement as { snapshot: string })[0] ?? {}
  expect(statement).toMatchObject({
    ...{ approval_id: view.id, answer: answer === 'approve' ? 'approved' : 'denied', door: 'terminal' },
    ...{ pid: process.pid, shown_hash: view.shown_hash, level: 1, snapshot: expect.stringMatching(/^\w{64}$/) },
    ...{ fingerprint: expect.stringMatching(/\w{32}/), reason_hash: hash('sha256', 'it is for the shop') },
  })
  expect(gateway.entries().flatMap((e) => (e.kind === 'call' && e.snapshot_hash ? [e.snapshot_hash] : []))).toContain(
    snapshot,
  )
  expect(preview).toContain('wants to run notes › write_note, which changes something')
  expect(preview).toContain('buy milk')
  // Whoever has the bytes can make the hash anew.
  const whole = await shown(view.id)
  expect(hash('sha256', whole.shown)).toBe(view.shown_hash)
  expect(JSON.parse(whole.shown)).toMatchObject({ id: view.id, arguments: '{"text":"buy milk"}' })
  expect(events('content.read')).toEqual([
    { approval_id: view.id, door: 'app', masked: true, why: '' },
    { approval_id: view.id, door: 'terminal', masked: false, why: 'a question of the auditor' },
  ])
})

test('secrets are masked for whoever only looks, and lie nowhere in the database', async () => {
  const view = await answered('deny', `the token\n${secret}`)
  expect((await proof(view.id)).preview).toContain('[masked: ')
  expect((await proof(view.id)).preview).not.toContain(secret)
  expect((await shown(view.id)).shown).toContain(secret)
  const db = new Database(gateway.paths.database, { readonly: true })
  const stored = db.prepare<[], { body: Buffer }>('SELECT body FROM contents').all()
  const records = db.prepare<[], string>('SELECT body FROM audit_entries').pluck().all()
  db.close()
  expect(stored).toHaveLength(2)
  expect(Buffer.concat(stored.map(({ body }) => body)).includes(secret)).toBe(false)
  expect(records.join()).not.toContain(secret)
})

test('who rewrites an answer with all hashes after it is found by its signature', async () => {
  const view = await answered('deny')
  await gateway.stop()
  const check = () => verifyProfile(gateway.paths, fileSecrets(gateway.paths.keys))
  expect(check()).toMatchObject({ ok: true })
  attack(gateway.paths.database, (db) => {
    const all = rows(db)
    const forged = all.map((row) => {
      if (row.state !== 'approval.settled') return row
      const detail = JSON.parse(row.body).detail
      const statement = { ...detail.statement, answer: 'approved' }
      return changed(row, { detail: { ...detail, answer: 'approved', statement } })
    })
    replaceRows(db, rechained(forged, all.findIndex(({ state }) => state === 'approval.settled') + 1))
  })
  const report = check()
  expect(report.ok).toBe(false)
  expect(report.problems).toContainEqual(
    expect.objectContaining({
      kind: 'signature',
      message: expect.stringContaining(`the answer to \`${view.id}\``),
    }),
  )
})

test('an answer that is signed with another key is named', async () => {
  const view = await answered('deny')
  await gateway.stop()
  const { sign } = answerSigner(createSigningKey(fakeSecrets()))
  attack(gateway.paths.database, (db) => {
    const all = rows(db)
    const forged = all.map((row) => {
      if (row.state !== 'approval.settled') return row
      const detail = JSON.parse(row.body).detail
      const statement = { ...detail.statement, answer: 'approved' }
      return changed(row, { detail: { ...detail, answer: 'approved', statement, signature: sign(statement) } })
    })
    replaceRows(db, rechained(forged, 1))
  })
  const { problems } = verifyProfile(gateway.paths, fileSecrets(gateway.paths.keys))
  const message = expect.stringContaining(`the answer to \`${view.id}\``)
  expect(problems).toContainEqual(expect.objectContaining({ kind: 'signature', message }))
  expect(problems.map((problem) => problem.message).join()).toContain('is not signed by the key of this log')
})

test('a record that says something else than what was signed is found', async () => {
  await answered('approve')
  await gateway.stop()
  attack(gateway.paths.database, (db) => {
    const all = rows(db)
    const other = all.map((row) => {
      if (row.state !== 'approval.settled') return row
      return changed(row, { detail: { ...JSON.parse(row.body).detail, reason: 'another reason' } })
    })
    replaceRows(db, rechained(other, 1))
  })
  const { problems } = verifyProfile(gateway.paths, fileSecrets(gateway.paths.keys))
  expect(problems.map(({ message }) => message).join()).toContain('is not what was signed')
})

test('content that is as old as the settings say is destroyed, and the answer still verifies', async () => {
  const view = await answered('approve')
  await gateway.stop()
  const clock = { ...systemClock, now: () => Date.now() + 31 * 86_400_000 }
  gateway = await startGateway({ profile: gateway.profile, ports: { clock } })
  expect(await proof(view.id)).toMatchObject({
    ...{ verified: true, content: 'shredded', preview: null },
    shredded_at: expect.stringMatching(/^20/),
  })
  await expect(async () => shown(view.id)).rejects.toThrow('is not kept any more')
  expect(events('content.shredded')).toEqual([
    { contents: 2, belongs_to: [view.id], why: 'it was kept for as long as the settings say' },
  ])
  const db = new Database(gateway.paths.database, { readonly: true })
  const left = db.prepare('SELECT count(*) FROM contents WHERE body IS NOT NULL OR wrapped_key IS NOT NULL').pluck()
  expect(left.get()).toBe(0)
  // What the commitment to its arguments is to can no longer be told either, nor can the call be decided again.
  const [call] = gateway.entries().flatMap((entry) => (entry.kind === 'call' && entry.arguments_hash ? [entry] : []))
  expect(db.prepare('SELECT count(*) FROM argument_salts WHERE call_id = ?').pluck().get(call?.call_id)).toBe(0)
  expect(db.prepare('SELECT count(*) FROM replay_pictures WHERE seq = ?').pluck().get(call?.seq)).toBe(0)
  db.close()
  await gateway.stop()
  expect(verifyProfile(gateway.paths, fileSecrets(gateway.paths.keys))).toMatchObject({ ok: true })
})

test('when too much is kept the oldest request goes, whole', async () => {
  gateway = await startGateway({ policy: simplePolicy(), settings: { content_bytes: 1_048_576 } })
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  const ids: string[] = []
  for (const letter of ['a', 'b']) {
    const call = client.call('write_note', { text: letter.repeat(300_000) })
    const view = await gateway.pending('write_note')
    await gateway.answer(view, 'deny')
    await call
    ids.push(view.id)
  }
  while (events('content.shredded').length === 0) await new Promise(setImmediate)
  expect(events('content.shredded')).toMatchObject([{ contents: 2, belongs_to: ids.slice(0, 1) }])
  const states = await Promise.all(ids.map(async (id) => (await proof(id)).content))
  expect(states).toEqual(['shredded', 'kept'])
})

test('an answer that nobody gave proves nothing', async () => {
  await answered('approve')
  await expect(async () => proof('apr_unknown')).rejects.toThrow('no answer to a request `apr_unknown` is on record')
})
