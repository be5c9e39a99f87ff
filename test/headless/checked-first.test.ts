import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cliWords } from '../fakes/built.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'

const notes = fileURLToPath(new URL('../fakes/servers/notes-server.mjs', import.meta.url))

/** Says with what a command ends where nobody could type a PIN or an answer: 4 would mean that a PIN was asked for. */
async function enrolled() {
  const gateway = await liveGateway()
  await gateway.enroll()
  const refusal = async (...words: string[]) => {
    const { code, stderr } = await program(gateway.toolgate(...words))
    return `${code} ${stderr}`
  }
  return { ...gateway, refusal }
}

test('what is named and is not there is said before anybody is asked for a PIN, with what lists those that are', async () => {
  const { toolgate, refusal, addNotes } = await enrolled()
  const lists: [words: string[], said: RegExp][] = [
    [['servers', 'review', 'fils'], /^5 no server `fils`[\s\S]*servers list/],
    [['servers', 'approve', 'fils'], /^5 no server `fils`[\s\S]*servers list/],
    [['servers', 'sign-out', 'fils'], /^5 no server `fils`[\s\S]*servers list/],
    [['approvals', 'approve', 'nope'], /^5 no request `nope`[\s\S]*approvals list/],
    [['apps', 'allow', 'nope'], /^5 no app `nope`[\s\S]*apps list/],
    [['grants', 'extend', 'nope', '--hours', '1'], /^5 no grant `nope`[\s\S]*grants list/],
    [['grants', 'revoke', 'nope'], /^5 no grant `nope`[\s\S]*grants list/],
    [['incidents', 'note', 'nope', 'x'], /^5 no incident `nope`[\s\S]*incidents list/],
    [['incidents', 'close', 'nope', 'x'], /^5 no incident `nope`[\s\S]*incidents list/],
    [['people', 'back', '--as', 'Nobody'], /^5 nobody here is called `Nobody`[\s\S]*people list/],
    [['clients', 'revoke', 'nope'], /^5 no client entry is called `nope`[\s\S]*clients entries/],
    [['stop', '--client', 'nope'], /^5 no client entry is called `nope`[\s\S]*clients entries/],
    [['observe', 'start', '--client', 'nope'], /^5 no client entry is called `nope`[\s\S]*clients entries/],
    [['observe', 'start', '--server', 'fils'], /^5 no server `fils`[\s\S]*servers list/],
    [['policy', 'explain', 'nope'], /^5 no decision about a call `nope`[\s\S]*audit tail/],
    [['policy', 'confirm'], /^1 no change of policy waits/],
    [['clients', 'issue', 'X', '--server', 'nope'], /^5 no server `nope` is registered[\s\S]*servers add/],
  ]
  for (const [words, said] of lists) expect(await refusal(...words)).toMatch(said)

  await addNotes()
  const servers = /^5 no server `nope` is registered\n→ there is `notes`/
  expect(await refusal('clients', 'issue', 'X', '--server', 'nope')).toMatch(servers)
  expect(await refusal('token', 'create', '--client', 'X', '--server', 'nope')).toMatch(servers)
  expect((await program(toolgate('clients', 'entries', '--json'))).screen).toBe('[]\n')
})

test('values that are refused are refused before a question', async () => {
  const { refusal, toolgate } = await enrolled()
  expect(await refusal('observe', 'start', '--days', '99')).toMatch(/^2 `99` is no number of days\n→ .* 1 to 7/)
  const stream = (name: string, url: string) => refusal('audit', 'stream', 'add', name, '--url', url)
  expect(await stream('x y', 'https://a.example')).toMatch(/^2 `x y` cannot be the name of a stream/)
  expect(await stream('x', 'htps://a.example')).toMatch(/^2 `htps:\/\/a.example` is no web address/)
  const add = (url: string) => refusal('servers', 'add', 'web', '--url', url)
  expect(await add('htps://foo')).toMatch(/^2 `htps:\/\/foo` is not https\n/)
  expect(await add('https://169.254.169.254/')).toMatch(/^2 `169.254.169.254` leads to addresses/)

  expect(await refusal('approvals', 'quiet', '--off', '2')).toMatch(/^2 no quiet hours are set\n/)
  const { screen } = await program(toolgate('audit', 'tail', '-n', '100', '--json'))
  expect(screen).not.toContain('quiet.off')
})

test('a name that is taken is said at once, and one that nobody approved is only replaced with a word', async () => {
  const { toolgate, addNotes, refusal } = await enrolled()
  const add = [...toolgate('servers', 'add', 'notes'), '--', process.execPath, notes]
  await program([...toolgate('servers', 'add', 'notes', '--yes'), '--', process.execPath, notes, 'other'])
  const again = await person(add, [['Register this server?', 'n']])
  expect(again.screen).toContain('! another notes is registered, and not approved: this one takes its place')
  await addNotes()
  const taken = await program(add)
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('toolgate servers set notes`') })
  expect(taken.stderr).not.toContain('would be registered')
  expect(await refusal('clients', 'issue', 'X'.repeat(200))).toMatch(/^4 /)
})

test('no inner words: what does not fit is said as it is, with the help of the very command', async () => {
  const { toolgate } = await enrolled()
  const long = await person(toolgate('clients', 'issue', 'X'.repeat(2000)), [['PIN:', pin]])
  expect(long.code).toBe(2)
  expect(long.screen).toMatch(/`name`: too big[\s\S]*see `[a-z ]*toolgate clients issue --help`/)
  expect(long.screen).not.toMatch(/the input does not fit|<command>|✖/)

  await person(toolgate('clients', 'issue', 'Cursor'), [['PIN:', pin]])
  expect(await program(toolgate('clients', 'bind', 'Cursor', 'nope'))).toMatchObject({
    code: 5,
    stderr: expect.stringMatching(/^no access policy `nope`\n→ there are .*`mcp.read_only`/),
  })
})

test('an empty profile is a mistake, and not the usual instance', async () => {
  const said = { code: 2, stderr: expect.stringContaining('is empty') }
  expect(await program([...cliWords, '--profile', '', 'status'])).toMatchObject(said)
  expect(await program([...cliWords, 'status'], { env: { TOOLGATE_PROFILE: '' } })).toMatchObject(said)
  const named = [...cliWords, 'status', '--profile', join('/', 'nowhere')]
  expect(await program(named, { env: { TOOLGATE_PROFILE: '' } })).toMatchObject({ code: 3 })
})

test('a PIN that will not do is refused before it is typed again', async () => {
  const { toolgate } = await liveGateway()
  const typed = await person(toolgate('presence', 'enroll'), [['new PIN', '12']])
  expect(typed).toMatchObject({ code: 2, screen: expect.stringContaining('shorter than 6 characters') })
  expect(typed.screen).not.toContain('the same again')
})

test('the settings fit a screen, long values below their names', async () => {
  const { toolgate } = await liveGateway()
  const { screen } = await program(toolgate('settings', 'show'))
  const lines = screen.split('\n').filter((line) => !line.startsWith('change them in'))
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110)
  expect(screen).toMatch(/\ngates +see below +what stops [\s\S]*\n {4}is \{"protected_paths"/)
})
