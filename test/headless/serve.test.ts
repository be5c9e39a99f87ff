import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from '../../src-main/headless/program.ts'
import { readHostRecord } from '../../src-main/host/host-record.ts'
import { hostRecordFile } from '../../src-main/shim/profile.ts'
import { cliWords } from '../fakes/built.ts'
import { testFolder } from '../fakes/folder.ts'
import { end, liveGateway } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'

test('serve says in one line that it is ready, serves one profile once, and leaves nothing behind', async () => {
  const { child, ready, paths, toolgate } = await liveGateway()

  expect(ready).toEqual({
    ready: true,
    profile: paths.profile,
    socket: paths.socket,
    pid: child.pid,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  })
  const second = await program(toolgate('serve', '--json'))
  expect(second.code).toBe(1)
  expect(JSON.parse(second.screen)).toMatchObject({
    error: { code: 'BUSY', hint: expect.stringContaining('shutdown') },
  })
  expect((await program(toolgate('serve', '--auto'))).code).toBe(0)
  expect(JSON.parse((await program(toolgate('status', '--json'))).screen)).toMatchObject({
    pid: child.pid,
    stopped: false,
  })

  expect(await end(child)).toBe(0)
  expect(existsSync(paths.socket)).toBe(false)
  expect(await program(toolgate('status', '--json'))).toMatchObject({ code: 3 })
})

test('shutdown is answered before the gateway ends', async () => {
  const { child, toolgate } = await liveGateway()
  const gone = new Promise((resolve) => child.once('exit', resolve))

  expect(await program(toolgate('shutdown', '--json'))).toMatchObject({ code: 0, screen: '{"running":false}\n' })
  expect(await gone).toBe(0)
  expect(await program(toolgate('shutdown'))).toMatchObject({ code: 3 })
})

test('a command that needs the gateway starts one and says so; two at once share it', async () => {
  const profile = join(testFolder(), 'profile')
  const toolgate = (...words: string[]) => [...cliWords, ...words, '--profile', profile]
  try {
    const [one, two] = await Promise.all([
      program(toolgate('servers', 'list')),
      program(toolgate('clients', 'entries', '--json')),
    ])

    expect(one).toMatchObject({ code: 0, stderr: expect.stringContaining('no gateway runs') })
    expect(two).toMatchObject({ code: 0, screen: '[]\n' })
    expect(JSON.parse((await program(toolgate('status', '--json'))).screen).pid).toBeGreaterThan(1)
  } finally {
    await program(toolgate('shutdown'))
  }
})

test('the gateway is started as it ran last, and without the environment of whoever asked', async () => {
  const { child, profile, paths, toolgate } = await liveGateway()
  const record = readHostRecord(profile)
  expect(record).toEqual({
    command: process.execPath,
    args: [cliWords[1], 'serve', '--auto', '--profile', profile],
    cwd: profile,
    path: process.env.PATH,
  })
  await end(child)
  const trace = join(testFolder(), 'trace')
  writeFileSync(trace, '')
  const spy = join(testFolder(), 'spy.cjs')
  writeFileSync(spy, `require('fs').appendFileSync(${JSON.stringify(trace)}, process.argv.slice(2).join(' ') + '\\n')`)
  try {
    const listed = await program(toolgate('servers', 'list'), { env: { NODE_OPTIONS: `--require ${spy}` } })
    expect(listed).toMatchObject({ code: 0, stderr: expect.stringContaining('starting one') })
    expect(readFileSync(trace, 'utf8')).toContain('servers list')
    expect(readFileSync(trace, 'utf8')).not.toContain('serve --auto')
  } finally {
    await program(toolgate('shutdown'))
  }

  chmodSync(hostRecordFile(profile), 0o666)
  expect(readHostRecord(profile)).toBeNull()
  writeFileSync(join(paths.run, 'host.json'), 'nonsense', { mode: 0o600 })
  expect(readHostRecord(profile)).toBeNull()
})

test('settings whose file is gone stay in force while the gateway runs, and wherever a mistake is told it is too', async () => {
  const { paths, toolgate } = await liveGateway()
  const shown = async () => JSON.parse((await program(toolgate('settings', 'show', '--json'))).screen)
  const holds = async () =>
    (await shown()).settings.find(({ name }: { name: string }) => name === 'public_origin').value
  const origin = 'https://tools.example.com'
  writeFileSync(paths.settings, JSON.stringify({ public_origin: origin }))
  await expect.poll(holds, { timeout: 10_000 }).toBe(origin)
  rmSync(paths.settings)
  await expect.poll(async () => (await shown()).problem, { timeout: 10_000 }).toContain('is gone: put it back')
  expect(await holds()).toBe(origin)
  expect(await program(toolgate('settings', 'show'))).toMatchObject({
    code: 1,
    screen: expect.stringContaining('those before stay in force'),
  })
  expect((await program(toolgate('status'))).screen).toContain('the settings cannot be used')
  expect(await program(toolgate('shutdown'))).toMatchObject({ code: 0 })
  // At a start there is nothing to keep.
  await program(toolgate('servers', 'list'))
  expect([await holds(), (await shown()).problem]).toEqual([null, null])
  await program(toolgate('shutdown'))
})

test('a gateway that cannot start says why', async () => {
  const profile = testFolder()
  writeFileSync(join(profile, 'thesis.txt'), '')
  const refused = await program([...cliWords, 'servers', 'list', '--profile', profile])
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('holds other things and is no profile') })

  const { child, paths, toolgate } = await liveGateway()
  await end(child)
  writeFileSync(paths.settings, '{"hold_sec": "long"}')
  const broken = await program(toolgate('servers', 'list'))
  expect(broken).toMatchObject({ code: 3, stderr: expect.stringContaining('settings.json') })
  expect(broken.stderr).toMatch(/hold_sec[\s\S]*mend the file/)
})

test.each([
  [['serve', '--port', '80808'], 2, '`80808` is no port\n→ give 0 for any free port, or 1 to 65535'],
  [['serve', '--port', 'x'], 2, 'whole number'],
  [['nonsense'], 2, 'unknown command `nonsense`\n→ see `npx toolgate --help`'],
  [['servers'], 2, 'Usage: npx toolgate servers'],
  [['servers', 'lsit'], 2, 'unknown command `lsit`\n→ did you mean `list`? see `npx toolgate servers --help`'],
  [['servers', 'list', '--sideways'], 2, 'unknown option `--sideways`\n→ see `npx toolgate servers list --help`'],
  [['servers', 'add', 'a', '--trust', 'x', '--', 'node'], 2, '`x` is invalid: allowed choices are trusted, '],
  [['help', 'servers', 'bogus'], 2, 'unknown command `bogus`'],
  [['help', 'x', 'tail', 'audit'], 2, 'unknown command `x`'],
  [['connect', 'files'], 2, '→ write `npx toolgate connect <server> --profile DIR`'],
  [['servers', 'add', 'two words', '--yes', '--', 'node'], 2, 'cannot be the name of a server'],
  [['approvals', 'approve'], 2, 'missing required argument `id`'],
  [['audit', 'tail'], 5, 'there are no records'],
  [['status'], 3, 'no gateway runs'],
])('%j ends with %i', async (words, code, said) => {
  const profile = join(testFolder(), 'profile')
  const outcome = await program([...cliWords, '--profile', profile, ...words])
  expect(outcome).toMatchObject({ code, stderr: expect.stringContaining(said) })
  expect(existsSync(profile)).toBe(false)
})

test('every command has help with an example', () => {
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)]
  const helpOf = (command: Command): string => {
    let text = ''
    command.configureOutput({
      writeOut: (part) => {
        text += part
      },
    })
    command.outputHelp()
    return text
  }
  const leaves = all(createProgram()).filter(({ commands }) => commands.length === 0)

  expect(leaves.length).toBeGreaterThan(25)
  expect(
    leaves.filter((command) => !/Example:\n {2}npx toolgate /.test(helpOf(command))).map((command) => command.name()),
  ).toEqual([])
})

test('help is that of the command that is asked about, and tells no default that is nothing', async () => {
  const help = await program([...cliWords, 'help', 'servers', 'add'])
  expect(help).toMatchObject({ code: 0, screen: expect.stringContaining('Usage: npx toolgate servers add <name>') })
  expect(help.screen).toContain('(default: "unknown")')
  expect(help.screen).not.toMatch(/default: (\[\]|"")/)
  expect((await program([...cliWords, 'servers', 'add', '--help'])).screen).toBe(help.screen)
})

test.each<[what: string, place: () => string, said: string]>([
  ['a folder of something else', () => '/etc', 'holds other things and is no profile'],
  ['a file', () => fileURLToPath(import.meta.url), 'is not a folder'],
  ['a folder below a file', () => join(fileURLToPath(import.meta.url), 'profile'), 'cannot be created (ENOTDIR)'],
  // There even root can make nothing, and Node's own recursive mkdir never ends.
  ['a folder in /proc', () => '/proc/nope', 'cannot be created (ENOENT)'],
])('%s is no place for a profile: doctor says so, serve and commands refuse it', async (_, place, said) => {
  const run = (...words: string[]) => program([...cliWords, '--profile', place(), ...words])
  const [doctor, serve, list] = await Promise.all([run('doctor'), run('serve'), run('servers', 'list')])
  expect(doctor).toMatchObject({ code: 1, screen: expect.stringContaining(said) })
  expect(doctor.screen).not.toContain('chmod')
  for (const refused of [serve, list]) {
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(said) })
    expect(refused.stderr).toContain('with --profile')
  }
})

test('with --json a wrong command line is answered in JSON too', async () => {
  const { screen, code } = await program([...cliWords, 'servers', 'list', '--sideways', '--json'])
  const said = { code: 'USAGE', message: 'unknown option `--sideways`' }
  expect({ code, error: JSON.parse(screen) }).toMatchObject({ code: 2, error: { error: said } })
})

test('a person who ends the foreground gateway with Ctrl-C ends it properly', async () => {
  const profile = join(testFolder(), 'profile')
  const outcome = await person([...cliWords, 'serve', '--no-open', '--profile', profile], [['is running', '\u0003']], {
    enter: '',
  })
  expect(outcome.code).toBe(0)
  expect((await program([...cliWords, 'audit', 'tail', '--profile', profile])).screen).toContain('gateway.stopped')
})
