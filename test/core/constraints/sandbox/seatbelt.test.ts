import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seatbeltProfile } from '../../../../src-main/core/constraints/sandbox/seatbelt.ts'
import { testFolder } from '../../../fakes/folder.ts'

const nothing = { folders: [], files: [], sealed: [] }

test('a bounded network is the one port of this machine at which the way out listens, and no Unix socket', () => {
  const profile = seatbeltProfile({ network: [], named: [], read: null, write: null }, [], nothing, 4711)
  expect(profile.split('\n')).toEqual([
    '(version 1)',
    '(allow default)',
    '(deny appleevent-send)',
    '(deny job-creation)',
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
  expect(lines.slice(-2)).toEqual([
    '(deny file-read* file-write* (subpath "/Users/p/.toolgate") (literal "/Users/p/.claude.json"))',
    '(deny file-write* (subpath "/Users/p/.cursor"))',
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
