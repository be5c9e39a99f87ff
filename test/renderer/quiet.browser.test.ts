import { expect, onTestFinished, test } from 'vitest'
import type { QuietView } from '../../shared/fatigue.ts'
import { expectAccessible, look, testBrowser } from '../fakes/browser.ts'
import { HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()

async function open(first: QuietView) {
  const asked: object[] = []
  let quiet = first
  const host = await startPageHost({
    page: 'approval',
    answers: {
      status: quietStatus,
      'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
      'approvals.list': () => [],
      'quiet.show': () => quiet,
      'quiet.off': ({ hours }) => {
        asked.push({ off: hours })
        const off_until = hours === 0 ? null : new Date(Date.now() + hours * 3_600_000).toISOString()
        quiet = { ...quiet, quiet: hours === 0, off_until }
        return quiet
      },
      'quiet.set': ({ hours }) => {
        if (hours === 'mon-sun 01:00-02:00')
          throw new HostRefusal('BAD_INPUT', 'the settings have a mistake', 'mend it')
        asked.push({ set: hours })
        quiet = { ...quiet, hours, quiet: false }
        return {}
      },
    },
  })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ width: 440, height: 680 })
  page.setDefaultTimeout(10_000)
  await page.goto(host.link('/quiet'))
  return { page, asked }
}

test('quiet hours are set, and taken away again, and a refusal is said', async () => {
  const { page, asked } = await open({ hours: null, quiet: false, until: null, off_until: null })
  await page.getByText('No quiet hours are set').waitFor()
  await page.getByLabel('Days').selectOption({ label: 'Monday to Friday' })
  await page.getByLabel('From').fill('20:30')
  await page.getByRole('button', { name: 'Set quiet hours' }).press('Enter')
  await page.getByText('mon-fri 20:30-07:00').waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'No quiet hours' }).press('Enter')
  await page.getByText('No quiet hours are set').waitFor()
  expect(asked).toEqual([{ set: 'mon-fri 20:30-07:00' }, { set: null }])
  await page.getByLabel('From').fill('01:00')
  await page.getByLabel('Until').fill('02:00')
  await page.getByRole('button', { name: 'Set quiet hours' }).press('Enter')
  await page.getByText('the settings have a mistake').waitFor()
})

test('in quiet hours a person lets calls ask for a while, and ends that', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const { page, asked } = await open({ hours: 'mon-sun 22:00-07:00', quiet: true, until, off_until: null })
  await page.getByText('It is quiet now').waitFor()
  await look(page, 'quiet')
  await page.getByRole('button', { name: 'Ask me for 2 hours' }).press('Enter')
  await page.getByText('Switched off until').waitFor()
  await page.getByRole('button', { name: 'Back to quiet' }).press('Enter')
  await page.getByText('It is quiet now').waitFor()
  expect(asked).toEqual([{ off: 2 }, { off: 0 }])
})
