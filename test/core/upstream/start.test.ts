import { expect, test } from 'vitest'
import { createStarter } from '../../../src-main/core/upstream/start.ts'
import { asGiven } from '../../fakes/vault.ts'

test('what a server says on its standard error is logged without secrets', async () => {
  const said: unknown[] = []
  const log = { info: (_: string, fields?: object) => said.push(fields), warn: () => {}, error: () => {} }
  const starter = createStarter({ path: process.env.PATH ?? '', limit: 1 << 20, log, ...asGiven })
  const token = ['gl', 'pat-', 'aB3dE5gH7jK9mN1pQ3sT'].join('')
  await new Promise((exit) => {
    const launch = {
      transport: 'stdio' as const,
      command: '/bin/sh',
      args: ['-c', `printf '%s\\n' 'token is ${token}, ok' '{"log":"it is\\n${token}"}' >&2`],
      env: {},
      cwd: '/',
    }
    starter.start(launch, { line: () => {}, tooLong: () => {}, skipped: () => {}, lost: () => {}, exit })
  })
  expect(said).toEqual([
    { command: '/bin/sh', text: 'token is [masked: gitlab-token], ok' },
    { command: '/bin/sh', text: '{"log":"it is\\n[masked: gitlab-token]"}' },
  ])
  await starter.close()
})
