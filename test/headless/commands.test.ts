import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { personAtPage } from '../fakes/approve-at-page.ts'
import { cliWords } from '../fakes/built.ts'
import { testFolder } from '../fakes/folder.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program, sitDown } from '../fakes/person.ts'

const notes = fileURLToPath(new URL('../fakes/servers/notes-server.mjs', import.meta.url))
const json = (screen: string) => JSON.parse(screen.slice(screen.search(/^[{[]/m)))

async function enrolled() {
  const gateway = await liveGateway()
  expect(await gateway.enroll()).toMatchObject({ code: 0 })
  return gateway
}

describe('servers', () => {
  test('are shown exactly and asked about before they are registered', async () => {
    const { toolgate } = await enrolled()
    const words = [
      'servers',
      'add',
      'notes',
      '--env',
      'MODE=a\u202eb',
      '--environment',
      'development',
      '--risk-tag',
      'local',
    ]
    const add = [...toolgate(...words), '--', 'node', notes]

    const declined = await person(add, [['Register this server?', 'n']])
    expect(declined.code).toBe(1)
    expect(declined.screen).toContain('nothing was registered\n→ ')
    expect(declined.screen).toContain('trust  restricted, environment development')
    expect(declined.screen).toMatch(/runs {3}\/\S*node \S*notes-server\.mjs/)
    expect(declined.screen).toContain("with   MODE='a\\u{202e}b'")
    expect(declined.screen).toContain('! ')
    expect(json((await program(toolgate('servers', 'list', '--json'))).screen)).toEqual([])

    expect(await person(add, [['Register this server?', 'y']])).toMatchObject({ code: 0 })
    expect(json((await program(toolgate('servers', 'list', '--json'))).screen)).toMatchObject([
      {
        ...{
          name: 'notes',
          state: 'registered',
          trust_level: 'restricted',
          environment: 'development',
          risk_tags: ['local'],
        },
        launch: {
          command: expect.stringMatching(/^\/.*node$/),
          args: [notes],
          env_names: ['MODE'],
          transport: 'stdio',
          cwd: process.cwd(),
        },
      },
    ])
    expect(await program(add)).toMatchObject({ code: 2, stderr: expect.stringContaining('no keyboard') })
    expect((await program(toolgate('servers', 'list'))).screen).toMatch(
      /^notes: registered, idle, trust restricted, environment development, 0 tools, added /,
    )
  })

  test('are reviewed tool by tool, approved as decided, and forgotten', async () => {
    const { toolgate } = await enrolled()
    expect((await program([...toolgate('servers', 'add', 'notes', '--yes'), '--', process.execPath, notes])).code).toBe(
      0,
    )

    const review = await person(toolgate('servers', 'review', 'notes'), [['PIN:', pin]])
    expect(review.screen).toMatch(/new +delete_note: destructive, internal, tier 3\n +│ Deletes a note/)

    const decided = [
      '--tool',
      'write_note:classification=confidential,tags=a+b,purpose=keeps, and finds',
      '--except',
      'crash_read',
    ]
    const approved = await person(toolgate('servers', 'approve', 'notes', ...decided), [
      ['PIN:', pin],
      ['Approve notes with 6 tools as shown?', 'yes'],
    ])
    expect(approved).toMatchObject({ code: 0, screen: expect.stringContaining('notes is approved: 6 tools pinned') })
    // What destroys is of tier 3, which no terminal approves.
    expect(approved.screen).toContain('tier 3 is approved in the approval window alone: delete_note')
    const where = /approve it in the approval window: `[a-z ]*toolgate open`, then Servers, notes/
    expect(approved.screen).toMatch(where)
    const changes = await program(toolgate('servers', 'changes', 'notes'))
    expect(changes.screen).toMatch(/new +delete_note: tier 3/)
    expect(changes.screen).toMatch(where)
    const again = await program([
      ...toolgate('servers', 'add', 'notes', '--yes', '--json'),
      '--',
      process.execPath,
      notes,
    ])
    expect({ code: again.code, error: JSON.parse(again.screen).error }).toMatchObject({
      code: 1,
      error: { code: 'ALREADY_APPROVED', hint: expect.stringContaining('servers remove') },
    })
    const tools = json((await program(toolgate('tools', 'list', 'notes', '--json'))).screen) as { name: string }[]
    expect(tools.find(({ name }) => name === 'write_note')).toMatchObject({
      ...{ action: 'write', tier: 2, classification: 'confidential', tags: ['a', 'b'], purpose: 'keeps, and finds' },
      approval: { level: 2, door: 'terminal' },
    })
    expect(tools.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['crash_read']))
    expect(tools.map(({ name }) => name)).not.toContain('delete_note')
    const listed = (await program(toolgate('tools', 'list', 'notes'))).screen
    expect(listed).toContain('at /mcp: notes__write_note')
    expect(listed).toMatch(/not approved, so refused:\n(! .*\n)*! delete_note +tier 3\n/)
    expect(listed).toMatch(/! crash_read +tier 1\n/)
    expect(listed).toMatch(where)

    expect(await program(toolgate('tools', 'list', 'absent'))).toMatchObject({ code: 5 })
    const kept = await person(toolgate('servers', 'remove', 'notes'), [['Forget notes', '']])
    expect(kept).toMatchObject({ code: 1, screen: expect.stringContaining('nothing was removed') })
    const gone = await person(toolgate('servers', 'remove', 'notes', '--yes'), [['PIN:', pin]])
    expect(gone).toMatchObject({ code: 0, screen: expect.stringContaining('notes is forgotten') })
  })

  test.each([
    ['write_note', 'does not say what to change'],
    ['write_note:action=harmless', 'does not say what to change'],
    ['write_note:tier=9', 'does not say what to change'],
    ['write_note:action=read,secret=1', 'does not say what to change'],
  ])('--tool %s is refused before anything runs', async (change, said) => {
    const outcome = await program([
      ...cliWords,
      '--profile',
      join(testFolder(), 'p'),
      'servers',
      'approve',
      'x',
      '--tool',
      change,
    ])
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining(said) })
  })
})

test('a client entry connects its shim, verified, until it is revoked', async () => {
  const { toolgate, client, addNotes, profile } = await enrolled()
  await addNotes()
  const issued = await person(toolgate('clients', 'issue', 'Cursor', '--server', 'notes', '--json'), [['PIN:', pin]])
  const { client: entry, config } = json(issued.screen.split('\n').find((line) => line.startsWith('{')) ?? '')

  expect(config.mcpServers.notes.args.slice(1)).toEqual(['notes', '--profile', profile, '--entry', entry.id])
  expect(config.mcpServers.notes.args[0]).toMatch(/^\/.*out\/shim\.js$/)
  const connected = await client('notes', ['--entry', entry.id])
  expect(await connected.call('read_note', { text: 'x' })).toMatchObject({ outcome: 'ok' })

  expect(await person(toolgate('clients', 'revoke', entry.id), [['PIN:', pin]])).toMatchObject({ code: 0 })
  expect(json((await program(toolgate('clients', 'entries', '--json'))).screen)).toMatchObject([
    { name: 'Cursor', revoked: true },
  ])
  await expect(client('notes', ['--entry', entry.id]).then(({ call }) => call('read_note'))).resolves.toMatchObject({
    outcome: 'CLIENT_REFUSED',
  })
  expect(await person(toolgate('clients', 'revoke', 'client_none'), [['PIN:', pin]])).toMatchObject({ code: 5 })
})

test('an entry or a token for all servers connects to each of them', async () => {
  const { toolgate, client, addNotes, profile } = await enrolled()
  await addNotes()
  const lines = async (...words: string[]) => {
    const { screen } = await person(toolgate(...words, '--all', '--json'), [['PIN:', pin]])
    return json(screen.split('\n').find((line) => line.startsWith('{')) ?? '')
  }
  const { client: entry, config } = await lines('clients', 'issue', 'Cursor')
  const { args } = config.mcpServers.toolgate
  expect(args.slice(1)).toEqual(['--all', '--profile', profile, '--entry', entry.id])
  const connected = await client('', ['--all', '--entry', entry.id])
  expect(await connected.call('notes__read_note')).toMatchObject({ outcome: 'ok' })

  const { token, config: http } = await lines('token', 'create', '--client', 'VS Code')
  const { url, headers } = http.mcpServers.toolgate
  expect([url, headers]).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/),
    { Authorization: `Bearer ${token}` },
  ])
  const post = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }
  const ping = await fetch(url, { ...post, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' })
  expect([ping.status, json(await ping.text()).error.data.code]).toEqual([400, 'NO_SESSION'])
  expect(await program(toolgate('clients', 'issue', 'x', '--all', '--server', 'notes'))).toMatchObject({ code: 2 })
})

test('stop halts what runs, and only a person at the approval page resumes', async () => {
  const { toolgate, addNotes, client } = await enrolled()
  await addNotes()
  const notesClient = await client()

  expect(await program(toolgate('stop', '--reason', 'odd writes'))).toMatchObject({ code: 0 })
  expect(await notesClient.call('read_note')).toMatchObject({ outcome: 'STOPPED' })
  expect(await program(toolgate('status'))).toMatchObject({ code: 1, screen: expect.stringContaining('! stopped') })
  expect(await program(toolgate('override', 'show'))).toMatchObject({ screen: expect.stringContaining('off:') })
  expect(await program(toolgate('override', 'end'))).toMatchObject({ code: 0 })
  const where = {
    code: 4,
    screen: expect.stringMatching(/everything, since .*“odd writes”[\s\S]*approval page[\s\S]*toolgate open/),
  }
  expect(await person(toolgate('resume'))).toMatchObject(where)
  const opened = await person(toolgate('open', '--print'), [['PIN:', pin]])
  const page = await personAtPage('/resume', opened.screen, pin)
  await page.call('resume', {})
  await page.close()
  expect(await person(toolgate('resume'))).toMatchObject({
    code: 0,
    screen: expect.stringContaining('nothing is stopped'),
  })
  expect(await notesClient.call('read_note')).toMatchObject({ outcome: 'ok' })
  expect(await program(toolgate('status'))).toMatchObject({
    code: 0,
    screen: expect.stringContaining('notes: approved'),
  })
})

test('stop halts one server alone, which status names; what nobody has cannot be stopped', async () => {
  const { toolgate, addNotes, client } = await enrolled()
  await addNotes()
  const notesClient = await client()

  expect(await program(toolgate('stop', '--server', 'nots'))).toMatchObject({ code: 5 })
  expect(await program(toolgate('stop', '--client', 'nobody'))).toMatchObject({ code: 5 })
  expect(await program(toolgate('stop', '--server', 'notes', '--client', 'x'))).toMatchObject({ code: 2 })
  expect(await program(toolgate('stop', '--server', 'notes', '--json'))).toMatchObject({ code: 0 })
  const refused = await notesClient.call('read_note')
  expect([refused.outcome, refused.text]).toEqual(['STOPPED', expect.stringContaining('the server `notes`')])
  expect(await program(toolgate('status'))).toMatchObject({
    code: 1,
    screen: expect.stringMatching(/! stopped: server `notes`, since .*toolgate resume/),
  })
  expect(JSON.parse((await program(toolgate('status', '--json'))).screen)).toMatchObject({
    stopped: false,
    halts: [{ scope: 'server', name: 'notes', door: 'terminal', tripped_by: null }],
  })
})

test('a stop opens an incident, which a terminal lists, adds to and, with the PIN, closes', async () => {
  const { toolgate, addNotes } = await enrolled()
  await addNotes()
  await program(toolgate('stop', '--server', 'notes', '--reason', 'odd writes'))
  const [{ id }] = JSON.parse((await program(toolgate('incidents', 'list', '--json'))).screen)
  expect(await program(toolgate('incidents', 'note', id, 'asked \u001b[31mana'))).toMatchObject({ code: 0 })
  const { screen } = await program(toolgate('incidents', 'show', id))
  expect(screen).toMatch(/about\s+server notes[\s\S]*odd writes[\s\S]*1 note[\s\S]*asked .*ana[\s\S]*stopped/)
  expect(screen).not.toContain('\u001b')
  expect(await program(toolgate('incidents', 'close', id, 'a test'))).toMatchObject({ code: 4 })
  expect(await person(toolgate('incidents', 'close', id, 'a test'), [['PIN:', pin]])).toMatchObject({ code: 0 })
  expect(await program(toolgate('incidents', 'list'))).toMatchObject({ screen: expect.stringContaining('closed') })
  expect(await program(toolgate('incidents', 'show', 'none'))).toMatchObject({ code: 5 })
})

test('policy: problems have places, a looser change waits for a person, a stricter one does not', async () => {
  const { toolgate, paths } = await enrolled()
  const file = join(paths.policy, 'starter.yaml')
  const starter = readFileSync(file, 'utf8')

  const bad = join(testFolder(), 'bad.yaml')
  writeFileSync(bad, 'version: v1\nrules:\n  - id: x\n    decison: ALLOW\n')
  const lint = await program(toolgate('policy', 'lint', bad))
  expect(lint).toMatchObject({ code: 1, screen: expect.stringMatching(/bad\.yaml:4:\d+: /) })
  const nobody = join(testFolder(), 'nobody.yaml')
  writeFileSync(nobody, starter.replace(/^rules:/m, 'approvals: [{ level: 2, own: false }]\nrules:'))
  expect(await program(toolgate('policy', 'lint', nobody))).toMatchObject({
    code: 0,
    screen: expect.stringMatching(/nobody\.yaml:\d+:\d+: unwise: nobody here can approve at level 2/),
  })
  expect(await program(toolgate('policy', 'lint'))).toMatchObject({
    code: 0,
    screen: expect.stringContaining('no problem'),
  })
  expect(await program(toolgate('policy', 'lint', '/nowhere.yaml'))).toMatchObject({ code: 5 })

  writeFileSync(file, starter.replace('decision: REQUIRE_APPROVAL\n    level: 1', 'decision: ALLOW'))
  const waiting = async (): Promise<boolean> =>
    json((await program(toolgate('policy', 'show', '--json'))).screen).waiting !== null || waiting()
  await waiting()
  const no = await person(toolgate('policy', 'confirm'), [
    ['PIN:', pin],
    ['into force?', 'n'],
  ])
  expect(no).toMatchObject({ code: 1, screen: expect.stringContaining('the policy in force stays as it was') })
  const yes = await person(toolgate('policy', 'confirm'), [
    ['PIN:', pin],
    ['into force?', 'y'],
  ])
  expect(yes).toMatchObject({ code: 0, screen: expect.stringContaining('ask-writes') })
  expect(await person(toolgate('policy', 'confirm'), [['PIN:', pin]])).toMatchObject({ code: 1 })
})

test('audit: tail, export and verify need no gateway, and an edited record is found', async () => {
  const { toolgate, addNotes, client, paths, child } = await enrolled()
  await addNotes()
  const notesClient = await client()
  await notesClient.call('read_note', { text: 'x' })
  const follow = program(toolgate('audit', 'tail', '--json', '-n', '1000'))
  const entries = (await follow).screen
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const call = entries.findLast((entry) => entry.kind === 'call')
  expect(call).toMatchObject({ tool_server: 'notes', tool_name: 'read_note' })
  const one = (await program(toolgate('audit', 'tail', '--call', call.call_id))).screen
  expect(one).toContain('notes › read_note: closed')
  expect(await program(toolgate('audit', 'tail', '--call', 'call_none'))).toMatchObject({ code: 5 })

  await notesClient.close()
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
  expect(await program(toolgate('audit', 'verify', '--json'))).toMatchObject({ code: 0 })
  const out = join(testFolder(), 'audit.jsonl')
  expect(await program(toolgate('audit', 'export', '--out', out))).toMatchObject({ code: 0 })
  expect((await program(toolgate('audit', 'export'))).screen).toBe(readFileSync(out, 'utf8'))
  expect(await program(toolgate('audit', 'export', '--out', out))).toMatchObject({ code: 2 })
  expect(await program(toolgate('audit', 'export', '--out', join(out, 'x')))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/cannot be written \(ENOTDIR\)\n→ name a new file/),
  })
  expect(await program(['sh', '-c', '"$@" | head -n 1', 'sh', ...toolgate('audit', 'export')])).toMatchObject({
    code: 0,
    stderr: '',
  })

  const { default: Database } = await import('better-sqlite3')
  const db = new Database(paths.database)
  db.exec(
    "DROP TRIGGER audit_entries_no_update; UPDATE audit_entries SET body = replace(body, 'read_note', 'read_nope') WHERE seq = 9",
  )
  db.close()
  const broken = await program(toolgate('audit', 'verify', '--json'))
  expect(broken.code).toBe(1)
  expect(JSON.parse(broken.screen)).toMatchObject({ ok: false, first_bad: 9 })
  expect(await program(toolgate('doctor'))).toMatchObject({
    code: 1,
    screen: expect.stringContaining('broken from record 9'),
  })
})

test('audit tail --follow shows records as they come, until Ctrl-C', async () => {
  const { toolgate } = await liveGateway()
  const reader = sitDown(toolgate('audit', 'tail', '-n', '1', '--follow'))
  await reader.seen('gateway.started')
  await program(toolgate('stop', '--reason', 'odd writes'))
  expect(await reader.seen(/ stopped .*odd writes/)).not.toContain('policy.in_force')
  reader.type('\u0003')
  await reader.done
})

test('doctor finds what is wrong and says how to mend it', async () => {
  const { toolgate, paths } = await enrolled()
  const fine = await program(toolgate('doctor', '--json'))
  expect(fine.code).toBe(0)
  expect(JSON.parse(fine.screen).findings.map(({ check }: { check: string }) => check)).toEqual([
    ...['node', 'profile', 'settings', 'gateway', 'audit', 'policy', 'presence'],
  ])

  const { chmodSync } = await import('node:fs')
  const tool = join(testFolder(), 'tool')
  writeFileSync(tool, '#!/bin/sh\n', { mode: 0o755 })
  await program([...toolgate('servers', 'add', 'gone', '--yes'), '--', tool])
  chmodSync(tool, 0o644)
  writeFileSync(join(paths.run, 'gateway-999999-0123456789abcdef.lock'), '')
  writeFileSync(join(paths.policy, 'wrong.yaml'), 'version: v9\n')
  chmodSync(join(paths.keys, 'shim'), 0o644)
  const found = await program(toolgate('doctor'))
  expect(found.code).toBe(1)
  expect(found.screen).toMatch(/BAD {2}profile: .*keys\/shim .*open to others\n +→ `chmod go-rwx/)
  expect(found.screen).toMatch(/BAD {2}server gone: its command/)
  expect(found.screen).toMatch(/BAD {2}policy: .*wrong\.yaml:1/)
  expect(found.screen).toMatch(/note leftover: .*gateway-999999/)
  expect(existsSync(paths.database)).toBe(true)
})
