import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seatbeltProfile } from '../../../../src-main/core/constraints/sandbox/seatbelt.ts'
import { testFolder } from '../../../fakes/folder.ts'
import { lets } from './read-profile.ts'

const nothing = { folders: [], files: [], sealed: [] }

test('a bounded network is the one port of this machine at which the way out listens, and no Unix socket', () => {
  const profile = seatbeltProfile({ network: [], named: [], read: null, write: null }, [], nothing, 4711)
  expect(profile.split('\n')).toEqual([
    '(version 1)',
    '(allow default)',
    '(deny appleevent-send)',
    '(deny job-creation)',
    '(deny signal)',
    '(allow signal (target same-sandbox))',
    '(deny process-info*)',
    '(allow process-info* (target same-sandbox))',
    '(deny mach-priv-task-port)',
    '(allow mach-priv-task-port (target same-sandbox))',
    '(deny sysctl-read (sysctl-name-prefix "kern.procargs"))',
    '(deny file-link)',
    '(deny mach-lookup (global-name "com.apple.coreservices.launchservicesd") (global-name "com.apple.coreservices.quarantine-resolver"))',
    '(deny network-outbound (remote unix-socket))',
    '(deny network*)',
    '(allow network-bind network-inbound (local ip "localhost:*"))',
    '(allow network-outbound (remote ip "localhost:4711"))',
    '',
  ])
})

test('bounded files are those of the system, of the program and of the rules; what is hidden comes last', () => {
  const folder = testFolder()
  for (const name of ['in', 'out "x"']) mkdirSync(join(folder, name))
  const plan = { network: null, named: [], read: [join(folder, 'in')], write: [join(folder, 'out "x"')] }
  const hidden = { folders: ['/Users/p/.toolgate'], files: ['/Users/p/.claude.json'], sealed: ['/Users/p/.cursor'] }
  const lines = seatbeltProfile(plan, ['/Users/p/server.js'], hidden, null).trim().split('\n')
  const read = lines.find((line) => line.startsWith('(allow file-read* '))
  expect(read).toContain(`(subpath "${folder}/in")`)
  expect(read).toContain('(literal "/Users/p/server.js")')
  expect(read).not.toContain('(subpath "/Users')
  expect(lines).toContain('(deny file-read*)')
  expect(lines.indexOf('(deny file-write*)')).toBeLessThan(
    lines.findIndex((line) => line.startsWith('(allow file-write*')),
  )
  expect(lines.join('\n')).toContain(`(subpath "${folder}/out \\"x\\"")`)
  expect(lines.slice(-3)).toEqual([
    '(deny file-read* file-write* file-clone (subpath "/Users/p/.toolgate") (literal "/Users/p/.claude.json"))',
    '(deny file-write* (subpath "/Users/p/.cursor"))',
    '(deny file-write-unlink file-write-create (literal "/Users") (literal "/Users/p"))',
  ])
  expect(lines.join('\n')).not.toContain('(deny network*)')
})

test('a folder that is reached by a link is refused, with the place that it leads to', () => {
  const folder = testFolder()
  mkdirSync(join(folder, 'real'))
  symlinkSync(join(folder, 'real'), join(folder, 'link'))
  const plan = { network: null, named: [], read: null, write: [join(folder, 'link')] }
  expect(() => seatbeltProfile(plan, [], nothing, null)).toThrow(`${folder}/real`)
})

/** A home with places to hide, and the profiles that hide them for every kind of plan; `roomy`: those that let all else be written. */
function hiding() {
  const home = testFolder()
  const at = (...names: string[]) => join(home, ...names)
  for (const name of ['Library/Support/toolgate', '.cursor', 'notes']) mkdirSync(at(name), { recursive: true })
  const secret = [at('Library', 'Support', 'toolgate'), at('.cursor', 'mcp.json')] as const
  const hidden = { folders: [secret[0]], files: [secret[1]], sealed: [at('.config', 'client')] }
  const made = (write: string[] | null, read: string[] | null) =>
    seatbeltProfile({ network: null, named: [], read, write }, [], hidden, null)
  const roomy = [made(null, null), made(null, [home]), made([home], null), made([home], [home])]
  const apart = [made([at('Library')], null), made([at('.cursor'), at('notes')], [home])]
  return { at, secret, places: [...secret, ...hidden.sealed], roomy, profiles: [...roomy, ...apart] }
}
const moves = (profile: string, from: string, to: string) =>
  lets(profile, { operation: 'file-write-unlink', path: from }) &&
  lets(profile, { operation: 'file-write-create', path: to })

describe('what is hidden stays where it is', () => {
  test('no folder above it goes by another name, and nothing else takes its place', () => {
    const { at, places, profiles } = hiding()
    for (const [index, profile] of profiles.entries()) {
      for (const place of places) {
        for (let path = place; path !== '/'; path = dirname(path)) {
          expect([index, path, moves(profile, path, at('notes', 'moved'))]).toEqual([index, path, false])
          expect([index, path, moves(profile, at('notes', 'mine'), path)]).toEqual([index, path, false])
        }
      }
    }
  })
  test('no file gets a second name, and what is hidden is not copied', () => {
    const { at, secret, profiles } = hiding()
    for (const profile of profiles) {
      expect(lets(profile, { operation: 'file-link', path: at('notes', 'a') })).toBe(false)
      for (const path of secret) {
        expect(lets(profile, { operation: 'file-clone', path })).toBe(false)
        expect(lets(profile, { operation: 'file-read-data', path })).toBe(false)
      }
    }
  })
  test('what lies beside is written and moved as the rules say', () => {
    const { at, roomy } = hiding()
    for (const profile of roomy) {
      expect(moves(profile, at('notes'), at('notes-2'))).toBe(true)
      expect(lets(profile, { operation: 'file-write-data', path: at('.cursor', 'other.json') })).toBe(true)
      expect(lets(profile, { operation: 'file-write-create', path: at('Library', 'Support', 'new') })).toBe(true)
    }
  })
})

test('a process reaches those of its own sandbox, and none outside', () => {
  const profile = seatbeltProfile({ network: null, named: [], read: null, write: null }, [], nothing, null)
  for (const operation of ['signal', 'process-info-pidinfo', 'process-info-listpids', 'mach-priv-task-port']) {
    expect([operation, lets(profile, { operation, target: 'others' })]).toEqual([operation, false])
    expect([operation, lets(profile, { operation, target: 'same-sandbox' })]).toEqual([operation, true])
  }
  // Others saw that signals get out all the same where only this is denied.
  expect(profile).not.toContain('(target others)')
})
