import { expect, onTestFinished, test } from 'vitest'
import type { PolicyProblem } from '../../shared/policy-view.ts'
import { look, testBrowser } from '../fakes/browser.ts'
import { type Answers, HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()
const hash = 'ab'.repeat(32)
const text = 'version: v1\nrules:\n  - id: deny-all\n    match: { labels: { mcp.server: "*" } }\n    decision: DENY\n'
const problem: PolicyProblem = {
  ...{ file: 'mine.yaml', line: 3, column: 5, message: '`ruls` is not a key of a rule file' },
  ...{ expected: '`rules`', suggestion: 'did you mean `rules`?' },
}
const nothing = { loosens: [], tightens: [], added: [], removed: [], changed: [], files: [] }
const none = { calls: 0, same: 0, denied: 0, asked: 0, allowed: 0, bounded: 0, cannot: { calls: 0, needs: {} } }
const answers: Answers = {
  status: quietStatus,
  'servers.list': () => [],
  'policy.show': () => ({
    snapshot: hash,
    since: '2026-11-01T10:00:00.000Z',
    rules: [],
    access: [],
    problems: [],
    waiting: null,
  }),
  'policy.files': () => [
    { path: 'mine.yaml', origin: 'local', text, hash },
    { path: 'company.yaml', origin: 'org', text: text.replace('deny-all', 'company-deny'), hash },
  ],
  'policy.test': () => ({ ok: true, tests: [], problems: [] }),
  'policy.diff': () => ({ from: hash, to: hash, problems: [], ...nothing }),
  'policy.replay': () => ({
    ...{ policy: hash, problems: [], since: '2026-11-01T10:00:00.000Z', ...none },
    ...{ cut: false, changes: [], more: 0, took_ms: 3 },
  }),
  'policy.history': () => [],
  'policy.reach': () => [],
  'policy.suggest': () => ({ since: '2026-11-01T10:00:00.000Z', calls: 0, rules: [], text: '' }),
  'activity.calls': () => ({ rows: [], next: null }),
}

/** The app at a place of the policy pages, as narrow as it may be. */
async function open(at: string, others: Answers = {}) {
  const host = await startPageHost({ page: 'app', answers: { ...answers, ...others } })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ width: 900, height: 700 })
  await page.goto(host.link(encodeURIComponent(at)))
  return page
}

test('access policies stand below the rules, with those they are for', async () => {
  const built = { origin: 'built_in' as const, file: '', line: 0, archived: false, clients: [], roles: [] }
  const access = [
    {
      ...{ id: 'research', origin: 'local' as const, file: 'mine.yaml', line: 4, archived: false },
      ...{ summary: 'allows tools files.read_*, web.search up to classification internal, blocks tags payments' },
      ...{ clients: ['Cursor', 'client_01h8'], roles: ['analysts'] },
    },
    { ...built, id: 'mcp.empty', summary: 'allows nothing' },
    { ...built, id: 'local.default', summary: 'allows everything' },
  ]
  const policy = { snapshot: hash, since: '2026-11-01T10:00:00.000Z', rules: [], problems: [], waiting: null }
  const reaches = [
    {
      id: 'research',
      allowed: 12,
      tools: 48,
      clients: [
        { id: 'client_01', name: 'Cursor', tenant: null },
        { id: 'client_02', name: 'Notes app', tenant: 'acme' },
      ],
    },
    { id: 'mcp.empty', allowed: 0, tools: 48, clients: [] },
  ]
  const page = await open('/policies', { 'policy.show': () => ({ ...policy, access }), 'policy.reach': () => reaches })
  await page.getByRole('heading', { name: 'Which tools there are, for whom' }).waitFor()
  await page.getByText('Lets through 12 of 48 tools; holds for Cursor, Notes app (for acme).').waitFor()
  await page.getByText('Lets through none of 48 tools.').waitFor()
  await page.getByText('For the clients Cursor, client_01h8; the role group analysts').waitFor()
  await look(page, 'policies-access')
  await page.getByRole('link', { name: 'mine.yaml:4' }).click()
  await page.waitForURL(/policies\/file\/mine\.yaml\/4/)
})

test('the organisation’s files are read and not written', async () => {
  const page = await open('/policies/edit/company.yaml')
  const editor = page.getByRole('textbox', { name: 'Text of company.yaml' })
  await editor.getByText('company-deny').click()
  await page.keyboard.type('x')
  expect(await editor.textContent()).not.toContain('x')
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
  await look(page, 'policies-organisation')
})

test('a file that changed in its folder is not silently overwritten, and a draft outlives a reload', async () => {
  let now = hash
  const page = await open('/policies/edit/mine.yaml', {
    'policy.files': () => [{ path: 'mine.yaml', origin: 'local', text, hash: now }],
  })
  const editor = page.getByRole('textbox', { name: 'Text of mine.yaml' })
  await editor.getByText('deny-all').click()
  await page.keyboard.press('End')
  await page.keyboard.type('-x')
  now = 'cd'.repeat(32)
  await page.getByText('1 not saved').waitFor()
  await page.reload()
  await page.getByRole('region', { name: 'Changed elsewhere' }).waitFor()
  await editor.getByText('deny-all-x').waitFor()
  await look(page, 'policies-changed-elsewhere')
  await page.getByRole('button', { name: 'Take the file as it is' }).click()
  await editor.getByText('deny-all-x').waitFor({ state: 'detached' })
  await page.getByText('1 not saved').waitFor({ state: 'detached' })
})

const refused = () => {
  throw new HostRefusal('INTERNAL', 'the record cannot be read', 'look at the log')
}
const broken: Answers = {
  'policy.replay': () => ({
    ...{ policy: null, problems: [problem], since: '2026-11-01T10:00:00.000Z', ...none },
    ...{ cut: false, changes: [], more: 0, took_ms: 0 },
  }),
}
test.each<[string, string, Answers, string]>([
  ['no call to try', '/policies/try', {}, 'No call is on record yet'],
  ['no call to replay', '/policies/replay', {}, 'No call is on record in these days'],
  ['nothing to suggest', '/policies/suggestions', {}, 'Nothing to suggest yet'],
  ['no history', '/policies/history', {}, 'No policy has been in force yet'],
  ['no file', '/policies/edit', { 'policy.files': () => [] }, 'There is no rule file'],
  ['a broken draft', '/policies/replay', broken, 'This policy has mistakes, so it decides nothing'],
  ['a failed replay', '/policies/replay', { 'policy.replay': refused }, 'The calls cannot be replayed'],
  ['a failed history', '/policies/history', { 'policy.history': refused }, 'The history cannot be read'],
  ['a failed check', '/policies/edit', { 'policy.test': refused }, 'The draft cannot be checked'],
])('%s is said', async (name, at, others, words) => {
  const page = await open(at, others)
  await page.getByText(words).first().waitFor()
  await look(page, `policies-${name.replaceAll(' ', '-')}`)
})
