import { expect, onTestFinished, test } from 'vitest'
import type { GrantView } from '../../shared/approval.ts'
import { focused, look, press, testBrowser } from '../fakes/browser.ts'
import { type Answers, HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { hardNames, quietStatus, sampleServer } from '../fakes/page-samples.ts'

const browser = testBrowser()
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()

/** A grant to write below a folder, that counts for some hours. */
function grant(id: string, more: Partial<GrantView> = {}): GrantView {
  return {
    ...{ id, state: 'active', client: { id: 'client_01', name: 'Cursor' }, server: 'files', tool: 'write_file' },
    ...{ scope: 'bounded', says: 'write_file under ~/projects/site', bounds: [], duration: 'hours', level: 1 },
    ...{ approval_id: 'apr_1', by: 'ana', door: 'approval', reason: '', created_at: ago(2), expires_at: ago(-6) },
    ...{ used: 14, max_uses: null, last_used: ago(0.1), ...more },
  }
}
const many: GrantView[] = [
  grant('grant_a'),
  grant('grant_b', {
    says: `read_file of ${hardNames[3]}`,
    duration: 'session',
    used: 0,
    max_uses: 5,
    last_used: null,
    reason: 'while I test',
  }),
  grant('grant_c', {
    server: 'github',
    tool: null,
    scope: 'server',
    says: 'every tool of github that reads',
    duration: 'unchanged',
    max_uses: 20,
    expires_at: null,
  }),
]
const ended = [
  grant('grant_d', { state: 'definition_changed' }),
  grant('grant_e', { state: 'spent', duration: 'once', used: 1 }),
]

async function open(page: 'app' | 'approval', at: string, answers: Answers = {}) {
  const asked: { call: string; input: object }[] = []
  let grants = many
  const host = await startPageHost({
    page,
    answers: {
      status: quietStatus,
      'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
      'approvals.list': () => [],
      'approvals.overview': () => [],
      'activity.calls': () => ({ rows: [], next: null }),
      'quiet.show': () => ({ hours: null, quiet: false, until: null, off_until: null }),
      'servers.list': () => [sampleServer('files')],
      'servers.runs': () => [],
      'grants.list': ({ all }) => (all ? [...grants, ...ended] : grants),
      'grants.revoke': (input) => {
        asked.push({ call: 'revoke', input })
        const found = grants.find(({ id }) => id === input.id)
        if (!found) throw new HostRefusal('NOT_FOUND', 'no such grant', 'look again')
        grants = grants.filter((it) => it !== found)
        host.tell({ changed: ['approvals'] })
        return { ...found, state: 'revoked' }
      },
      'grants.lock': () => {
        asked.push({ call: 'lock', input: {} })
        grants = grants.filter(({ duration }) => duration !== 'session')
        host.tell({ changed: ['approvals'] })
        return { ended: 1 }
      },
      'grants.extend': (input) => {
        asked.push({ call: 'extend', input })
        return { ...grant(input.id), expires_at: ago(-input.hours) }
      },
      ...answers,
    },
  })
  onTestFinished(() => host.close())
  const tab = await browser.newPage(page === 'app' ? {} : { width: 440, height: 680 })
  await tab.goto(host.link(page === 'app' ? encodeURIComponent(at) : at))
  return { page: tab, asked }
}

test('grants are listed, looked for, and ended by keyboard, at once', async () => {
  const { page, asked } = await open('app', '/approvals/grants')
  const list = page.getByRole('list', { name: 'Grants' })
  await list.getByText('write_file under ~/projects/site').waitFor()
  await look(page, 'grants')
  await page.getByLabel('Find a grant').fill('github')
  await expect.poll(() => list.getByRole('listitem').count()).toBe(1)
  await page.getByLabel('Find a grant').fill('nobody')
  await page.getByText('No grant says that').waitFor()
  await page.getByLabel('Find a grant').fill('')
  await page.getByLabel('Also those that ended').check()
  await list.getByText('Tool changed').waitFor()
  await look(page, 'grants-all')
  while (!(await focused(page)).includes('Revoke: write_file under')) await press(page, 'Tab')
  await press(page, 'Enter')
  await expect.poll(() => asked).toEqual([{ call: 'revoke', input: { id: 'grant_a' } }])
  await page.getByRole('button', { name: 'End those of sessions (1)' }).click()
  await page.getByText('One grant ended').waitFor()
  await expect.poll(() => page.getByRole('button', { name: /End those of sessions/ }).count()).toBe(0)
})

test('no grant, and none that can be listed, say so', async () => {
  const none = await open('app', '/approvals/grants', { 'grants.list': () => [] })
  await none.page.getByText('Nothing is allowed for longer than a call').waitFor()
  await look(none.page, 'grants-none')
  const failing = await open('app', '/approvals/grants', {
    'grants.list': () => {
      throw new HostRefusal('INTERNAL', 'the database is busy', 'try again')
    },
  })
  await failing.page.getByText('The grants cannot be listed').waitFor()
})

test('a server’s page shows what is allowed for longer there', async () => {
  const { page } = await open('app', '/servers/files')
  const section = page.getByRole('region', { name: 'Allowed for longer' })
  await section.getByText('write_file under ~/projects/site').waitFor()
  expect(await section.getByRole('listitem').count()).toBe(2)
})

test('a tool’s page shows its own grants and those of its whole server, and ends them', async () => {
  const of = [grant('grant_a'), grant('grant_f', { tool: 'read_file', says: 'read_file, any' })]
  const { page } = await open('app', '/servers/files/write_file', {
    'grants.list': () => [...of, grant('grant_g', { tool: null, says: 'every tool of files that reads' })],
    'servers.definitions': () => [],
  })
  const section = page
    .getByRole('complementary', { name: 'Tool write_file' })
    .getByRole('region', { name: 'Of this tool, allowed for longer' })
  await section.getByText('every tool of files that reads').waitFor()
  await section.getByText('write_file under ~/projects/site').waitFor()
  expect(await section.getByRole('listitem').count()).toBe(2)
  await section.getByRole('button', { name: /^Revoke: write_file/ }).waitFor()
  await look(page, 'tool-grants')
})

test('a grant is made to count for longer in the approval window alone', async () => {
  const { page, asked } = await open('approval', '/grants/grant_a')
  await page.getByText('write_file under ~/projects/site').waitFor()
  await look(page, 'grant-extend')
  await page.getByLabel('For', { exact: true }).selectOption('24')
  await page.getByRole('button', { name: 'Extend it' }).click()
  await page.getByText('It counts for longer now.').waitFor()
  expect(asked).toEqual([{ call: 'extend', input: { id: 'grant_a', hours: 24 } }])
  const gone = await open('approval', '/grants/grant_z')
  await gone.page.getByText('This grant no longer counts').waitFor()
})
