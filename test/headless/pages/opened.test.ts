import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hasDesktop } from '../../../src-main/headless/desktop.ts'
import { terminalNotify } from '../../../src-main/headless/ports/notify.ts'
import { testFolder } from '../../fakes/folder.ts'
import { pin } from '../../fakes/live-gateway.ts'
import { packageWithPages, partsOf } from '../../fakes/pages.ts'
import { person, program } from '../../fakes/person.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A desktop whose browser only writes down what it is to open. */
function desktop() {
  const folder = join(testFolder(), 'bin')
  const opened = join(testFolder(), 'opened')
  mkdirSync(folder)
  writeFileSync(opened, '')
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${opened}'\n`, { mode: 0o755 })
  const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, DISPLAY: ':99' }
  return { env, opened: () => readFileSync(opened, 'utf8').split('\n').filter(Boolean) }
}

test.runIf(process.platform === 'linux')(
  'where a person sees it, the app opens by itself, and the printed link stays good',
  async () => {
    const words = packageWithPages(root)
    const profile = join(testFolder(), 'profile')
    const serve = [...words, 'serve', '--profile', profile]
    const { env, opened } = desktop()
    const quiet = { enter: '', env }

    await person([...serve, '--no-open'], [['End it with', '\u0003']], quiet)
    await person([...serve, '--json', '--link'], [['"ready"', '\u0003']], quiet)
    expect(opened()).toEqual([])

    const { screen } = await person(serve, [['opens in your browser', '\u0003']], quiet)
    await expect.poll(opened).toHaveLength(1)
    const [link = ''] = opened()
    const printed = /http:\S+#\S+/.exec(screen)?.[0] ?? ''
    expect(partsOf(link).port).toBe(partsOf(printed).port)
    expect(partsOf(link).nonce).toMatch(/^[\w-]{43}$/)
    expect(partsOf(link).nonce).not.toBe(partsOf(printed).nonce)
  },
)

test.runIf(process.platform === 'linux')(
  '`toolgate open` opens the browser and then shows no link, or shows it where there is none',
  async () => {
    const words = packageWithPages(root)
    const profile = join(testFolder(), 'profile')
    const at = (...more: string[]) => [...words, ...more, '--profile', profile]
    const { env, opened } = desktop()
    // No opener, and of all else only what makes the terminal of this test.
    const bare = testFolder()
    symlinkSync('/usr/bin/script', join(bare, 'script'))
    try {
      await person(at('presence', 'enroll'), [
        ['new PIN', pin],
        ['same again', pin],
      ])
      const shown = await person(at('open'), [['PIN:', pin]], { env })
      expect(shown).toMatchObject({ code: 0, screen: expect.stringContaining('opens in your browser') })
      await expect.poll(opened).toHaveLength(1)
      expect(shown.screen).not.toContain('sign-in')
      for (const [more, environment] of [
        [[], { PATH: bare, DISPLAY: ':99' }],
        [[], { DISPLAY: '', WAYLAND_DISPLAY: '' }],
        [['--print'], env],
      ] as const) {
        const printed = await person(at('open', ...more), [['PIN:', pin]], { env: environment })
        expect(printed).toMatchObject({ code: 0, screen: expect.stringContaining('#sign-in=') })
      }
      expect(opened()).toHaveLength(1)
    } finally {
      await program(at('shutdown'))
    }
  },
)

test('a screen is there on a Mac, on Windows, and in a graphical session', () => {
  expect(hasDesktop({}, 'linux')).toBe(false)
  expect(hasDesktop({ DISPLAY: '' }, 'linux')).toBe(false)
  expect(hasDesktop({ DISPLAY: ':0' }, 'linux')).toBe(true)
  expect(hasDesktop({ WAYLAND_DISPLAY: 'wayland-0' }, 'freebsd')).toBe(true)
  expect(hasDesktop({}, 'darwin')).toBe(true)
  expect(hasDesktop({}, 'win32')).toBe(true)
})

test('a waiting call says at the terminal where it is answered; what only warns does not', () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.WriteStream
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const notify = terminalNotify(
    log,
    terminal,
    (text) => text,
    () => 'answer in the app',
  )
  notify({ kind: 'approval', title: 'Cursor is waiting for you', body: 'files › write_file' })
  notify({ kind: 'warning', title: 'files changed', body: 'look' })
  expect(String(terminal.read())).toBe(
    '\u0007Cursor is waiting for you: files › write_file; answer in the app\n\u0007files changed: look\n',
  )
})
