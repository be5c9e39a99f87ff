import { describe, expect, onTestFinished, test } from 'vitest'
import type { Output } from '../../shared/calls.ts'
import type { PersonView } from '../../shared/people.ts'
import { expectAccessible, look, screenshot, testBrowser } from '../fakes/browser.ts'
import { allowOnce, openQueue } from '../fakes/held-queue.ts'
import { type Answers, HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { heldCall, quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()
const schemes = ['light', 'dark'] as const

const owner: PersonView = {
  ...{ id: 'owner', name: 'mara', groups: ['ops'], own_groups: [], admin: true, owner: true, away: null },
}
const ana: PersonView = {
  id: 'p1',
  name: 'Ana Lindqvist',
  groups: ['security'],
  own_groups: ['security'],
  admin: false,
  owner: false,
  away: null,
}
const [both, added] = [['security', 'finance'], { admin: true, owner: false, away: null }]
const bo: PersonView = { id: 'p2', name: 'Bo', groups: both, own_groups: both, ...added }
const here = (...people: PersonView[]) => people.map(({ id, name }) => ({ id, name }))

/** An approval page of a machine with these people, where the owner is unless somebody else unlocks it. */
async function open(at: string, first: PersonView[], theme: 'light' | 'dark', locked = false) {
  let people = first
  let who: Output<'presence.state'>['who'] = locked
    ? null
    : { id: owner.id, name: owner.name, admin: true, auditor: false }
  const asked: { call: string; input: object }[] = []
  const told = () => host.tell({ changed: ['presence'] })
  const answers: Answers = {
    status: () => quietStatus(),
    'approvals.list': () => [],
    'presence.state': () => ({
      ...{ present: who !== null, enrolled: true, lost: false, proof: 'pin' },
      ...(people.length > 1 ? { people: here(...people), who } : {}),
    }),
    'presence.prove': (input) => {
      asked.push({ call: 'prove', input })
      if (input.pin !== '480251')
        throw new HostRefusal('PRESENCE_PIN_WRONG', 'the PIN is wrong: 4 tries left', 'try again')
      who = { id: ana.id, name: ana.name, admin: false, auditor: false }
      told()
      return {}
    },
    'presence.leave': () => {
      who = null
      told()
      return {}
    },
    'people.list': () => people,
    'people.add': (input) => {
      asked.push({ call: 'add', input })
      people = [...people, bo]
      told()
      return bo
    },
    'people.change': (input) => {
      asked.push({ call: 'change', input })
      if (input.pin !== '739154')
        throw new HostRefusal('PRESENCE_PIN_WRONG', 'the PIN is wrong: 4 tries left', 'try again')
      const { groups, admin } = input
      const changed = { ...ana, groups, own_groups: groups, admin }
      people = people.map((each) => (each.id === input.id ? changed : each))
      told()
      return changed
    },
    'people.remove': (input) => {
      asked.push({ call: 'remove', input })
      people = people.filter(({ id }) => id !== input.id)
      told()
      return {}
    },
    'people.away': (input) => {
      asked.push({ call: 'away', input })
      const away = { until: input.until, delegate: { id: ana.id, name: ana.name } }
      people = people.map((each) => (each.id === owner.id ? { ...each, away } : each))
      told()
      return { ...owner, away }
    },
  }
  const host = await startPageHost({ page: 'approval', answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ theme })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link(at))
  return { page, asked }
}

test.each(schemes)(
  'somebody is added by keyboard, with a PIN of their own and that of the admin (%s)',
  async (theme) => {
    const { page, asked } = await open('/people', [owner, ana], theme)
    await page.getByText('In security', { exact: true }).waitFor()
    await expectAccessible(page)
    await screenshot(page, `people-${theme}`)
    await page.getByRole('button', { name: 'Add somebody' }).press('Enter')
    const add = page.getByRole('button', { name: 'Add', exact: true })
    expect(await add.isDisabled()).toBe(true)
    await page.keyboard.type('Bo')
    await page.keyboard.press('Tab')
    await page.keyboard.type('security, finance')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.getByLabel('Their PIN', { exact: true }).fill('615938')
    await page.getByLabel('Their PIN, the same again').fill('615937')
    await page.getByLabel('Your own PIN, again').fill('739154')
    await add.click()
    await page.getByText('The two are not the same').waitFor()
    await page.getByLabel('Their PIN, the same again').fill('615938')
    await expectAccessible(page)
    await screenshot(page, `people-add-${theme}`)
    await page.keyboard.press('Enter')
    await page.getByText('In security, finance').waitFor()
    const input = { name: 'Bo', groups: ['security', 'finance'], admin: true, new_pin: '615938', pin: '739154' }
    expect(asked).toEqual([{ call: 'add', input }])
  },
)

test.each(schemes)(
  'an admin changes by keyboard what somebody may answer, with the PIN once more (%s)',
  async (theme) => {
    const { page, asked } = await open('/people', [owner, ana], theme)
    await page.getByRole('button', { name: 'Change mara' }).press('Enter')
    await page.getByText('Also in ops, by policy.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).press('Enter')
    await page.getByRole('button', { name: 'Change Ana Lindqvist' }).press('Enter')
    const save = page.getByRole('button', { name: 'Save' })
    await page.keyboard.press('End')
    await page.keyboard.type(', finance finance')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await save.isDisabled()).toBe(true)
    await page.getByLabel('Your PIN, again').fill('111111')
    await page.keyboard.press('Enter')
    await page.getByText('the PIN is wrong', { exact: false }).waitFor()
    await expectAccessible(page)
    await screenshot(page, `people-change-${theme}`)
    await page.getByLabel('Your PIN, again').fill('739154')
    await page.keyboard.press('Enter')
    await page.getByText('In security, finance').waitFor()
    const input = { id: 'p1', groups: ['security', 'finance'], admin: true }
    expect(asked).toMatchObject([{ input }, { call: 'change', input: { ...input, pin: '739154' } }])
  },
)

test('somebody is removed with the PIN once more, and who is not an admin is offered none of it', async () => {
  const { page, asked } = await open('/people', [owner, ana], 'light')
  await page.getByRole('button', { name: 'Remove Ana Lindqvist' }).click()
  await page.getByLabel('Your PIN, again').fill('739154')
  await page.keyboard.press('Enter')
  await page.getByRole('list').getByText('Ana Lindqvist', { exact: true }).waitFor({ state: 'detached' })
  expect(asked).toEqual([{ call: 'remove', input: { id: 'p1', pin: '739154' } }])
})

test.each(schemes)('a locked page asks who is here, and says who is once it is unlocked (%s)', async (theme) => {
  const { page, asked } = await open('/people', [owner, ana, bo], theme, true)
  await page.getByLabel('Who you are').selectOption({ label: 'Ana Lindqvist' })
  await page.getByLabel('PIN', { exact: true }).fill('000001')
  await page.keyboard.press('Enter')
  await page.getByText('the PIN is wrong', { exact: false }).waitFor()
  await expectAccessible(page)
  await screenshot(page, `people-unlock-${theme}`)
  await page.getByLabel('PIN', { exact: true }).fill('480251')
  await page.keyboard.press('Enter')
  await page.getByText('Only an admin adds, changes and removes people.').waitFor()
  expect(await page.getByRole('button', { name: /^(Remove|Change)/ }).count()).toBe(0)
  expect(asked.at(-1)).toEqual({ call: 'prove', input: { pin: '480251', person: 'p1' } })
  await page.getByRole('button', { name: 'Lock' }).click()
  await page.getByLabel('Who you are').waitFor()
})

test('who is away says until when and who answers for them', async () => {
  const { page, asked } = await open('/people', [owner, ana], 'light')
  await page.getByLabel('For how long').selectOption({ label: '3 days' })
  await page.getByLabel('Who answers for you').selectOption({ label: 'Ana Lindqvist' })
  await page.getByRole('button', { name: 'I am away' }).click()
  await page.getByText('Ana Lindqvist answers in their place').waitFor()
  await page.getByRole('button', { name: 'I am back' }).waitFor()
  expect(asked).toMatchObject([{ call: 'away', input: { delegate: 'p1' } }])
  await expectAccessible(page)
})

test('an auditor sees what is asked and is offered no answer, by no key either', async () => {
  const { queue, page } = await openQueue(browser, [heldCall('a')], {
    'presence.state': () => ({
      ...{ present: true, enrolled: true, lost: false, proof: 'pin', people: here(owner, ana) },
      who: { id: ana.id, name: ana.name, admin: false, auditor: true },
    }),
  })
  await page.getByText('You are here as an auditor').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Enter')
  expect(await page.getByRole('button', { name: /Deny|Allow/ }).count()).toBe(0)
  expect(queue.answers).toEqual([])
  await look(page, 'prompt-auditor')
})

describe('a request that takes two of a group', () => {
  const people = { needed: 2, groups: ['security'], own: false, given: [] }
  const given = [{ by: 'Ana Lindqvist', stands_for: null, at: '2026-11-27T02:00:00.000Z' }]

  test.each(schemes)('says so, and after one yes waits for somebody else, whom it names (%s)', async (theme) => {
    const { queue, page } = await openQueue(
      browser,
      [{ ...heldCall('a'), people }],
      {
        'approvals.answer': (input) => {
          queue.answers.push(input)
          queue.waiting = queue.waiting.map((view) => ({
            ...{ ...view, people: { ...people, given }, shown_hash: 'e'.repeat(64) },
          }))
          return { ...heldCall('a'), people: { ...people, given } }
        },
      },
      { theme },
    )
    await page.getByText('0 of 2 answered, waits for somebody of security').waitFor()
    await expect.poll(() => allowOnce(page).isEnabled()).toBe(true)
    await page.keyboard.press('Control+Enter')
    await page.getByText('Your yes counts, and waits for somebody else').waitFor()
    await page.getByText('1 of 2 answered (Ana Lindqvist), waits for somebody else of security').waitFor()
    expect(queue.answers).toMatchObject([{ id: 'a', answer: 'approve' }])
    await look(page, `people-request-${theme}`)
  })
})
