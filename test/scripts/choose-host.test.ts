import { expect, test } from 'vitest'
import { chooseHost, costTime } from '../../scripts/setup/choose-host.mjs'
import { readArguments } from '../../scripts/setup/find-host.mjs'

type Facts = Parameters<typeof chooseHost>[0]

/** A machine that has all but the binary, and nobody has looked for one yet. */
const facts: Facts = {
  wanted: 'best',
  desktopBuild: true,
  screen: true,
  sandbox: true,
  binary: null,
  place: null,
  now: 1_000_000_000,
  lastFailure: null,
  source: null,
  fetched: null,
}
const binary = '/electron/dist/electron'
const failed = (hours: number) => ({ at: facts.now - hours * 3_600_000, why: 'nothing came for 60 s' })
const late = { ok: false, why: '`mirror` did not answer within 5 s', slow: true } as const
const refused = { ok: false, why: '`mirror` refuses connections', slow: false } as const

test.each<[string, Partial<Facts>, object]>([
  ['a binary is there', { binary }, { do: 'electron', binary }],
  ['a binary is there, after a fetch that failed', { binary, lastFailure: failed(1) }, { do: 'electron', binary }],
  ['none, and nobody looked', {}, { do: 'look' }],
  ['one can be fetched', { source: { ok: true, bytes: 9 } }, { do: 'fetch', bytes: 9 }],
  ['one was fetched', { source: { ok: true, bytes: 9 }, binary }, { do: 'electron', binary }],
  ['a failure of yesterday is forgotten', { lastFailure: failed(24) }, { do: 'look' }],
  ['a failure of tomorrow is none', { lastFailure: failed(-1) }, { do: 'look' }],
  ['who insists has it tried again', { wanted: 'electron', lastFailure: failed(1) }, { do: 'look' }],
  ['headless was asked for', { wanted: 'headless', binary }, { do: 'headless', note: null }],
])('%s', (_, more, step) => {
  expect(chooseHost({ ...facts, ...more })).toEqual(step)
})

test.each<[string, Partial<Facts>, RegExp]>([
  ['no desktop build', { desktopBuild: false, binary }, /not part of this build/],
  ['no screen', { screen: false, binary }, /neither DISPLAY nor WAYLAND_DISPLAY/],
  ['no sandbox', { sandbox: false, binary }, /does not run as root/],
  ['an empty place', { place: '/opt/electron' }, /no Electron in `\/opt\/electron`, which ELECTRON_OVERRIDE_DIST_PATH/],
  ['no answer', { source: late }, /cannot be fetched: `mirror` did not answer within 5 s/],
  ['a refusal', { source: refused }, /cannot be fetched: `mirror` refuses connections/],
  [
    'a failed fetch',
    { source: { ok: true, bytes: 9 }, fetched: { ok: false, why: 'it fell' } },
    /could not .*: it fell/,
  ],
])('with %s the gateway runs alone and says why; who insists on the app is refused', (_, more, why) => {
  const alone = chooseHost({ ...facts, ...more })
  expect(alone).toEqual({ do: 'headless', note: expect.stringMatching(why) })
  const insisted = chooseHost({ ...facts, ...more, wanted: 'electron' })
  expect(insisted).toEqual({ do: 'refuse', message: expect.stringMatching(why), hint: expect.stringMatching(/\w/) })
})

test.each([
  [0, 'a moment ago'],
  [0.5, '30 minutes ago'],
  [23, '23 hours ago'],
])('a fetch that failed %s hours ago is not tried again', (hours, when) => {
  const step = chooseHost({ ...facts, lastFailure: failed(hours) })
  const note = `Electron could not be fetched ${when}: nothing came for 60 s; \`npm start -- --electron\` tries again now`
  expect(step).toEqual({ do: 'headless', note: expect.stringContaining(note) })
})

test.each<[string, Partial<Facts>, boolean]>([
  ['a host that does not answer', { source: late }, true],
  ['a host that refuses', { source: refused }, false],
  ['a download that failed', { source: { ok: true, bytes: 9 }, fetched: { ok: false, why: 'it fell' } }, true],
  ['no screen', { screen: false }, false],
])('%s cost the person time: %s', (_, more, expected) => {
  expect(costTime({ ...facts, ...more })).toBe(expected)
})

test('the host that is asked for is no argument of it', () => {
  expect(readArguments(['--profile', 'x'])).toEqual({ wanted: 'best', rest: ['--profile', 'x'] })
  expect(readArguments(['--headless', '--profile', 'x'])).toEqual({ wanted: 'headless', rest: ['--profile', 'x'] })
  expect(readArguments(['--port', '0', '--electron'])).toEqual({ wanted: 'electron', rest: ['--port', '0'] })
  expect(() => readArguments(['--electron', '--headless'])).toThrow('exclude each other')
})
