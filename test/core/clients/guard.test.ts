import { expect, test } from 'vitest'
import { guardOf } from '../../../src-main/core/clients/guard.ts'
import type { Machine } from '../../../src-main/core/clients/known-client.ts'
import { knownClients } from '../../../src-main/core/clients/known-clients.ts'
import { readConfig, rewriteConfig } from '../../../src-main/core/clients/plan-connect.ts'

const machine: Machine = {
  ...{ platform: 'linux', system: '/etc', home: '/home/ana', settings: '/home/ana/.config', projects: ['/shop'] },
  moved: () => null,
}
const shim = { command: '/usr/bin/node', args: ['/opt/shim.js'], env: { ELECTRON_RUN_AS_NODE: '1' } }
const words = ['notes', '--profile', '/p', '--entry', 'e1']
const ours = { command: shim.command, args: [...shim.args, ...words], env: shim.env }

const fileOf = (id: string) => {
  const client = knownClients.find((it) => it.id === id)
  const file = client?.files(machine)[0]
  if (!client || !file) throw new Error(`no client \`${id}\``)
  return { client, file }
}

/** How an entry of a client stands, whose calls to every server were seen. */
function standing(id: string, entry: object) {
  const { client, file } = fileOf(id)
  const [at = ''] = file.servers[0] ?? []
  const bytes = Buffer.from(JSON.stringify({ [at]: { notes: entry } }))
  const [read] = readConfig(file, client, bytes)
  if (!read) throw new Error('it was not read')
  const facts = { shim, profile: '/p', seen: () => true, serverOf: () => ({ name: 'notes', isNew: false }) }
  const { guard, why } = guardOf(read, facts)
  const place = read.place
  const again = rewriteConfig(file, bytes, [{ place, shim: { ...shim, args: ours.args } }])
  return { guard, why: why ?? '', again: JSON.parse(String(again))[at].notes as object }
}

test.each([
  [
    'a variable that loads code',
    'cursor',
    { env: { ...shim.env, NODE_OPTIONS: '--require /evil.cjs' } },
    '`NODE_OPTIONS`',
  ],
  ['another value of ours', 'cursor', { env: { ELECTRON_RUN_AS_NODE: '0' } }, '`ELECTRON_RUN_AS_NODE`'],
  ['none of ours', 'cursor', { env: {} }, '`ELECTRON_RUN_AS_NODE`'],
  ['a folder', 'cursor', { cwd: '/evil' }, '`cwd`'],
  ['a file of variables', 'cursor', { envFile: '/evil.env' }, '`envFile`'],
  ['a file of variables', 'vscode', { envFile: '/evil.env' }, '`envFile`'],
])(
  'an entry that starts Toolgate with %s of its own (%s) goes past it, and connecting puts it right',
  (_what, id, more, named) => {
    const { guard, why, again } = standing(id, { ...ours, ...more })
    expect([guard, why]).toEqual(['bypassed', expect.stringContaining(named)])
    expect(why).not.toContain('evil')
    expect(standing(id, again)).toMatchObject({ guard: 'verified', why: '' })
  },
)

test.each([
  ['as Toolgate writes it', ours],
  ['with keys that say nothing', { ...ours, envFile: '' }],
  ['in another order', { ...ours, args: [...shim.args, '--entry=e1', '--profile=/p', 'notes'] }],
])('an entry that starts Toolgate %s is verified by its calls', (_what, entry) => {
  expect(standing('cursor', entry)).toMatchObject({ guard: 'verified', why: '' })
})

test.each([
  ['a second profile, which counts', [...words, '--profile', '/evil'], 'another profile'],
  ['a name that none can have', ['no/name', ...words.slice(1)], 'name that none can have'],
])('an entry that starts Toolgate with %s is left alone', (_what, more, named) => {
  const { guard, why } = standing('cursor', { ...ours, args: [...shim.args, ...more] })
  expect([guard, why]).toEqual(['left', expect.stringContaining(named)])
})
