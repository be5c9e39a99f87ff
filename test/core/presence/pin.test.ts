import { expect, test } from 'vitest'
import { CallError } from '../../../shared/call-errors.ts'
import { pinStore } from '../../../src-main/core/presence/pin.ts'
import { fileSecrets } from '../../../src-main/host/secrets.ts'
import { fakeClock } from '../../fakes/clock.ts'
import { enrolment } from '../../fakes/enrolment.ts'
import { testFolder } from '../../fakes/folder.ts'

const pin = '480251'
const codeOf = (error: unknown) => (error instanceof CallError ? error.code : String(error))
const outcome = (work: Promise<void>) => work.then(() => 'right', codeOf)

async function enrolled() {
  const clock = fakeClock()
  const secrets = fileSecrets(testFolder())
  const pins = pinStore(secrets, clock, enrolment())
  await pins.set(pin, () => {})
  return { clock, secrets, pins }
}

test('the right PIN passes, a wrong one does not, and nothing readable is stored', async () => {
  const { pins, secrets } = await enrolled()

  expect(await outcome(pins.check(pin))).toBe('right')
  expect(await outcome(pins.check('480252'))).toBe('PRESENCE_PIN_WRONG')
  expect(secrets.get('presence-pin')?.toString()).not.toContain(pin)
  expect(JSON.parse(secrets.get('presence-pin')?.toString() ?? '')).toMatchObject({ N: 2 ** 15, r: 8, p: 1 })
})

test.each([
  ['12345', 'shorter'],
  ['000000', 'series'],
  ['123456', 'series'],
  ['987654', 'series'],
  ['aaaaaa', 'series'],
  ['4802\u000051', 'control'],
  ['x'.repeat(129), 'longer'],
])('the PIN %j is refused: %s', async (unfit, why) => {
  const pins = pinStore(fileSecrets(testFolder()), fakeClock(), enrolment())

  await expect(pins.set(unfit, () => {})).rejects.toThrow(why)
  expect(pins.enrolled()).toBe(false)
})

test('a PIN that cannot be recorded is not enrolled', async () => {
  const pins = pinStore(fileSecrets(testFolder()), fakeClock(), enrolment())
  const full = () => {
    throw new Error('disk is full')
  }

  await expect(pins.set(pin, full)).rejects.toThrow('disk is full')
  expect(pins.enrolled()).toBe(false)
})

test('guessing: five tries, then locks that double, also for the right PIN and across restarts', async () => {
  const { clock, secrets, pins } = await enrolled()
  const guess = () => outcome(pins.check('999111'))
  const waits: number[] = []
  for (let tries = 0; tries < 5; tries += 1) expect(await guess()).toBe('PRESENCE_PIN_WRONG')

  for (let lock = 0; lock < 4; lock += 1) {
    let waited = 0
    while ((await outcome(pinStore(secrets, clock, enrolment()).check('999111'))) === 'PRESENCE_LOCKED') {
      expect(await outcome(pins.check(pin))).toBe('PRESENCE_LOCKED')
      clock.advance(10_000)
      waited += 10_000
    }
    waits.push(waited)
  }

  expect(waits).toEqual([30_000, 60_000, 120_000, 240_000])
  clock.advance(480_000)
  expect(await outcome(pins.check(pin))).toBe('right')
  expect(await guess()).toBe('PRESENCE_PIN_WRONG')
})

test('a clock set back does not lengthen the lock, and guesses side by side are all counted', async () => {
  const { clock, pins } = await enrolled()
  const guesses = await Promise.all(Array.from({ length: 8 }, () => outcome(pins.check('999111'))))
  expect(guesses.filter((code) => code === 'PRESENCE_PIN_WRONG')).toHaveLength(5)
  expect(guesses.filter((code) => code === 'PRESENCE_LOCKED')).toHaveLength(3)

  clock.setWall(clock.now() - 365 * 86_400_000)
  await expect(pins.check(pin)).rejects.toThrow('try again in 30 s')
})

test('a PIN whose secret was deleted is not enrolled anew, nor is another taken for it', async () => {
  const { secrets, clock } = { secrets: fileSecrets(testFolder()), clock: fakeClock() }
  const fact = enrolment()
  const pins = pinStore(secrets, clock, fact)
  await pins.set(pin, () => {})
  secrets.delete('presence-pin')
  const later = pinStore(secrets, clock, fact)
  const recorded: string[] = []
  expect([later.enrolled(), later.lost()]).toEqual([false, true])
  expect(await outcome(later.set('999111', () => void recorded.push('enrolled')))).toBe('PRESENCE_LOST')
  expect(await outcome(later.check(pin))).toBe('PRESENCE_LOST')
  expect([recorded, secrets.get('presence-pin')]).toEqual([[], null])
})

test('a PIN from before the fact was kept is remembered when it is proved', async () => {
  const { secrets, clock } = await enrolled()
  const fact = enrolment()
  expect(await outcome(pinStore(secrets, clock, fact).check(pin))).toBe('right')
  expect(fact.known()).toBe(true)
})
