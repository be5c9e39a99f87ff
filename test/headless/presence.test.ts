import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cliWords } from '../fakes/built.ts'
import { fakeClock } from '../fakes/clock.ts'
import { controlGateway } from '../fakes/control-gateway.ts'
import { inTerminal } from '../fakes/in-terminal.ts'
import { person, program } from '../fakes/person.ts'

const pin = '480251'
const enrolling = [
  ['new PIN', pin],
  ['same again', pin],
] as const

async function enrolledGateway(options: Parameters<typeof controlGateway>[0] = {}) {
  const linked: unknown[] = []
  const gateway = await controlGateway({
    handlers: {
      'app.link': () => {
        linked.push('linked')
        return { url: 'http://127.0.0.1:4781/#sign-in=once' }
      },
    },
    ...options,
  })
  const toolgate = (...words: string[]) => [...cliWords, ...words, ...gateway.profile]
  expect(await person(toolgate('presence', 'enroll'), enrolling)).toMatchObject({ code: 0 })
  return { ...gateway, toolgate, linked }
}

describe('a person at a terminal', () => {
  test('enrols a PIN, proves it, and what they type never shows', async () => {
    const { toolgate, linked, events, paths } = await enrolledGateway()

    const outcome = await person(toolgate('open', '--print'), [['PIN:', pin]])

    expect(outcome).toEqual({ code: 0, screen: expect.stringContaining('http://127.0.0.1:4781/#sign-in=once') })
    expect(outcome.screen).not.toContain(pin)
    expect(linked).toEqual(['linked'])
    expect(events.map(({ event }) => event)).toEqual(['presence.enrolled', 'presence.proved'])
    expect(readdirSync(paths.run).filter((name) => name.startsWith('presence-'))).toEqual([])
    expect(JSON.stringify(events)).not.toContain(pin)
  })

  test('may mistype twice, and corrects with backspace; the third mistake ends the command', async () => {
    const { toolgate, linked } = await enrolledGateway()
    const mistyped = await person(toolgate('open', '--print'), [
      ['PIN:', '111222'],
      ['4 tries left', '\u0015333444'],
      ['3 tries left', `${pin}9\u007f`],
    ])
    expect(mistyped.code).toBe(0)
    const wrong = await person(toolgate('open', '--print'), [
      ['PIN:', '111222'],
      ['4 tries left', '111223'],
      ['3 tries left', '111224'],
    ])
    expect(wrong).toMatchObject({ code: 4, screen: expect.stringContaining('the PIN is wrong: 2 tries left') })
    expect(linked).toHaveLength(1)
  })

  test('leaves with Ctrl-C, and nothing happens', async () => {
    const { toolgate, linked } = await enrolledGateway()
    expect(await person(toolgate('open', '--print'), [['PIN:', '48\u0003']], { enter: '' })).toMatchObject({ code: 1 })
    expect(linked).toEqual([])
  })

  test('changes the PIN only with the old one', async () => {
    const { toolgate, events } = await enrolledGateway()
    const change = (current: string, fresh: string) =>
      person(toolgate('presence', 'enroll'), [
        ['current PIN', current],
        ['new PIN', fresh],
        ['same again', fresh],
      ])
    expect(await change('999888', 'correct horse')).toMatchObject({ code: 4 })
    expect(await change(pin, '111111')).toMatchObject({ code: 2, screen: expect.stringContaining('too easy to guess') })
    expect(await change(pin, 'correct horse')).toMatchObject({ code: 0 })
    expect(await person(toolgate('open', '--print'), [['PIN:', 'correct horse']])).toMatchObject({ code: 0 })
    expect(events.map(({ event }) => event)).toContain('presence.changed')
  })

  test('is asked to enrol first when no PIN is there', async () => {
    const gateway = await controlGateway()
    const outcome = await person([...cliWords, 'open', '--print', ...gateway.profile])
    expect(outcome).toMatchObject({ code: 4, screen: expect.stringContaining('toolgate presence enroll') })
  })
})

describe('a PIN whose secret was deleted', () => {
  test('is not replaced by a new one, and no command takes its place', async () => {
    const { toolgate, secrets, linked, events } = await enrolledGateway()
    secrets.delete('presence-pin')
    expect(await person(toolgate('open', '--print'))).toMatchObject({
      code: 4,
      screen: expect.stringContaining('is gone'),
    })
    const enroll = await person(toolgate('presence', 'enroll'), [
      ['new PIN', '999111'],
      ['the same again', '999111'],
    ])
    expect(enroll).toMatchObject({ code: 4, screen: expect.stringContaining('restore the file') })
    expect([secrets.get('presence-pin'), linked]).toEqual([null, []])
    expect(events.at(-1)).toMatchObject({ event: 'presence.refused', detail: { code: 'PRESENCE_LOST' } })
  })
})

describe('what is no person', () => {
  test('a program without a terminal, with the PIN on its input, is refused', async () => {
    const { toolgate, linked, events } = await enrolledGateway()
    const outcome = await program(toolgate('open', '--print'), { input: `${pin}\n` })
    expect(outcome).toMatchObject({ code: 4, stderr: expect.stringContaining('does not run in a terminal') })
    expect(linked).toEqual([])
    expect(events.at(-1)).toMatchObject({ event: 'presence.refused', detail: { code: 'PRESENCE_NO_TERMINAL' } })
  })

  test('a PIN in arguments or environment is not a way in', async () => {
    const { toolgate } = await enrolledGateway()
    expect(await program(toolgate('open', '--print', '--pin', pin))).toMatchObject({ code: 2 })
    expect(await program(toolgate('presence', 'enroll', pin))).toMatchObject({ code: 2 })
    const env = { TOOLGATE_PIN: pin, PIN: pin, TOOLGATE_PRESENCE_PIN: pin }
    expect(await program(toolgate('open', '--print'), { env })).toMatchObject({ code: 4 })
  })

  test('a terminal inside a governed client is refused before a PIN is typed, and told which client', async () => {
    let clients: number[] = []
    const { toolgate, linked } = await enrolledGateway({
      governed: () => ({ servers: [], clients }),
      handlers: { 'app.link': () => ({ url: '' }) },
    })
    clients = [process.pid]
    const outcome = await person(toolgate('open', '--print'))
    expect(outcome).toMatchObject({
      code: 4,
      screen: expect.stringMatching(/inside a governed client: pid \d+, .*\n→ open a terminal outside of the client/),
    })
    expect(linked).toEqual([])
  })

  test('whatever a governed server started is refused, in a terminal of its own too', async () => {
    const { toolgate } = await enrolledGateway()
    const outcome = await person(toolgate('open', '--print'), [], { env: { TOOLGATE_GOVERNED: 'files' } })
    expect(outcome).toMatchObject({
      code: 4,
      screen: expect.stringContaining('descends from something that Toolgate governs'),
    })
  })

  test('another process cannot lend its terminal: the one named must hold the file', async () => {
    const { presence, paths } = await enrolledGateway()
    const bystander = await inTerminal()
    const liar = presence.connect(bystander.pid)
    const door = { name: 'terminal', present: false, pid: bystander.pid } as const

    const { file } = await liar.handlers['presence.challenge']({}, door)
    const holder = await inTerminal(`exec 9>'${file}'; echo "pid $$"; exec cat >/dev/null`)
    await expect(liar.handlers['presence.prove']({ pin }, door)).rejects.toThrow('could not be told apart')
    const rival = presence.connect(bystander.pid)
    await expect(rival.handlers['presence.challenge']({}, door)).rejects.toThrow('proving presence elsewhere')
    expect(liar.present()).toBe(false)

    const honest = presence.connect(holder.pid)
    const challenge = await honest.handlers['presence.challenge']({}, door)
    await expect(honest.handlers['presence.prove']({ pin }, door)).rejects.toThrow('could not be told apart')
    expect(challenge.file).toContain(paths.run)
    liar.end()
    honest.end()
  })
})

test('presence ends after five minutes and with its connection', async () => {
  const clock = fakeClock()
  const { presence } = await enrolledGateway({ clock })
  const door = { name: 'terminal', present: false, pid: 0 } as const
  const typist = await inTerminal('echo "pid $$"; while read -r file; do exec 9>"$file"; echo "holds $file"; done')
  const connection = presence.connect(typist.pid)
  const { file } = await connection.handlers['presence.challenge']({}, door)
  const holds = new Promise((resolve) =>
    typist.child.stdout?.on('data', (text) => `${text}`.includes('holds') && resolve(0)),
  )
  typist.child.stdin?.write(`${file}\n`)
  await holds
  await connection.handlers['presence.prove']({ pin }, door)

  expect(connection.present()).toBe(true)
  clock.advance(5 * 60_000 - 1)
  expect(connection.present()).toBe(true)
  clock.advance(1)
  expect(connection.present()).toBe(false)
  await expect(connection.handlers['presence.prove']({ pin }, door)).rejects.toThrow('could not be told apart')
})

test('nothing is proved when it cannot be recorded', async () => {
  let full = false
  const { toolgate, linked } = await enrolledGateway({
    record: () => {
      if (full) throw new Error('disk is full')
    },
  })
  full = true
  expect(await person(toolgate('open', '--print'), [['PIN:', pin]])).toMatchObject({ code: 1 })
  expect(linked).toEqual([])
})

test('the PIN locks after five wrong ones, for the right one too, and says for how long', async () => {
  const { toolgate, paths } = await enrolledGateway()
  const guess = () =>
    person(toolgate('open', '--print'), [
      ['PIN:', '111222'],
      [/tries left|locked|try left/, '111223'],
      [/tries left|locked|try left/, '111224'],
    ])
  await guess()
  expect(await guess()).toMatchObject({ code: 4 })
  expect(await person(toolgate('open', '--print'), [['PIN:', pin]])).toMatchObject({
    code: 4,
    screen: expect.stringMatching(/too many wrong PINs: try again in \d+ s/),
  })
  expect(readFileSync(join(paths.keys, 'presence-tries'), 'utf8')).toContain('locked_until')
})
