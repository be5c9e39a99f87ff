import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import { compileSnapshot } from '../../../src-main/core/policy/snapshot.ts'
import { allFine, type CallParts, envelope, sha256 } from './call.ts'

const text = readFileSync(join(import.meta.dirname, '../../../assets/starter-policy.yaml'), 'utf8')
const compiled = compileSnapshot([{ path: 'starter.yaml', text, origin: 'local' }], sha256)
/** What the gateway can enforce from the start. */
const facts = { ...allFine, enforceable: new Set(['max_runtime_sec', 'max_retries'] as const) }

test('compiles without a problem or a warning', () => {
  expect(compiled).toMatchObject({ problems: [], warnings: [], snapshot: { default: 'DENY' } })
})

test.each<[string, CallParts, string, number | null]>([
  ['a read', { action: 'read' }, 'ALLOW', null],
  ['a risky read', { action: 'read', risk: 75 }, 'REQUIRE_APPROVAL', 3],
  ['a write', { action: 'write', risk: 40 }, 'REQUIRE_APPROVAL', 1],
  ['a destructive call', { action: 'destructive', risk: 60 }, 'REQUIRE_APPROVAL', 2],
  ['a key', { paths: ['/home/ada/.ssh/id_ed25519'] }, 'DENY', null],
  ['a folder of keys', { paths: ['/srv/a', '/home/ada/.ssh'] }, 'DENY', null],
  ['credentials on Windows', { paths: ['C:\\Users\\ada\\.aws\\credentials'] }, 'DENY', null],
  ['a name that only looks like it', { paths: ['/home/ada/.sshx/notes'] }, 'ALLOW', null],
])('%s', (_, parts, effect, approval_level) => {
  expect(decide(envelope(parts), compiled.snapshot, facts)).toMatchObject({ effect, approval_level })
})

test('an unknown server is denied', () => {
  expect(decide(envelope(), compiled.snapshot, { ...facts, registered: false })).toMatchObject({
    effect: 'DENY',
    code: 'SERVER_UNKNOWN',
  })
})
