import { afterAll, expect, test } from 'vitest'
import { ToolgateError } from '../../../shared/errors.ts'
import { call, openProfile, removeFolders } from './profile.ts'

afterAll(removeFolders)

const recorded = ({ audit }: ReturnType<typeof openProfile>) =>
  audit.tail({ limit: 10 }).map((entry) => `${entry.seq} ${entry.kind === 'call' && entry.call_id}`)

test('what is appended in one turn is one transaction, in the order in which it was appended', async () => {
  const profile = openProfile()
  let seen = 0
  const count = () => {
    seen = profile.db.prepare('SELECT count(*) FROM audit_entries').pluck().get() as number
  }
  const first = profile.audit.appendTogether([call(1)], count)
  const others = [profile.audit.appendTogether([call(2), call(3)]), profile.audit.appendTogether([call(4)])]
  expect(profile.audit.stats().entries).toBe(0)

  await Promise.all([first, ...others])
  expect(seen).toBe(4)
  expect(recorded(profile)).toEqual(['4 call_4', '3 call_3', '2 call_2', '1 call_1'])

  await profile.audit.appendTogether([call(5)])
  expect(profile.audit.stats().entries).toBe(5)
  profile.close()
})

test('one that refuses fails alone, and leaves nothing behind', async () => {
  const profile = openProfile()
  profile.db.exec('CREATE TABLE side (x)')
  const note = (text: string) => () => void profile.db.prepare('INSERT INTO side VALUES (?)').run(text)
  const refusal = new ToolgateError('APPROVAL_EXPIRED')
  const refuse = () => {
    note('refused')()
    throw refusal
  }
  const [first, second, third] = await Promise.allSettled([
    profile.audit.appendTogether([call(1)], note('first')),
    profile.audit.appendTogether([call(2)], refuse),
    profile.audit.appendTogether([call(3)], note('third')),
  ])
  expect([first.status, second, third.status]).toEqual([
    'fulfilled',
    { status: 'rejected', reason: refusal },
    'fulfilled',
  ])
  expect(recorded(profile)).toEqual(['2 call_3', '1 call_1'])
  expect(profile.db.prepare('SELECT x FROM side').pluck().all()).toEqual(['first', 'third'])
  expect(profile.audit.stats().writable).toBe(true)
  profile.close()
})

test('what the database does not take lies in the journal, and the next is told that nothing can be written', async () => {
  const profile = openProfile()
  profile.db.pragma('query_only = ON')
  await profile.audit.appendTogether([call(1)])
  profile.clock.advance(100)
  expect(profile.audit.stats()).toMatchObject({ entries: 1, writable: false })
  const told = await Promise.allSettled([call(2), call(3)].map((entry) => profile.audit.appendTogether([entry])))
  expect(told).toMatchObject([
    { status: 'rejected', reason: { code: 'AUDIT_UNWRITABLE' } },
    { status: 'rejected', reason: { code: 'AUDIT_UNWRITABLE' } },
  ])
  expect(profile.audit.stats()).toMatchObject({ entries: 1, writable: false })

  profile.db.pragma('query_only = OFF')
  await profile.audit.appendTogether([call(4)])
  expect(profile.audit.stats()).toMatchObject({ entries: 2, writable: true })
  expect(recorded(profile)).toEqual(['2 call_4', '1 call_1'])
  profile.close()
})

test('closing the log writes what waits first', async () => {
  const profile = openProfile()
  const waiting = profile.audit.appendTogether([call(1)])
  profile.close()
  await waiting
  profile.reopen()
  expect(recorded(profile)).toEqual(['1 call_1'])
  expect(profile.audit.stats().gap).toBe(false)
  profile.close()
})
