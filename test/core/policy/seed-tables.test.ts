import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decide, type Facts } from '../../../src-main/core/policy/precedence.ts'
import { allFine, type CallParts, envelope, snapshotOfFiles } from './call.ts'

/**
 * What the seeds say about their examples: for each a table `seed-NNN.csv`, written by hand from the seed, over the files
 * `seed-NNN*` beside it, which are the seed's examples word for word where it has any.
 */
const folder = join(import.meta.dirname, '../../golden/policy')

/** The parts of a call by the name of their column; an empty cell leaves a part as it is in other tests. */
const parts: Record<string, (cell: string) => CallParts> = {
  server: (cell) => ({ server: cell }),
  tool: (cell) => ({ tool: cell }),
  action: (cell) => ({ action: cell as NonNullable<CallParts['action']> }),
  kind: (cell) => ({ kind: cell as NonNullable<CallParts['kind']>, tool: '', names: ['x'], toolTags: [] }),
  client: (cell) => ({ client: cell }),
  client_id: (cell) => ({ clientId: cell }),
  roles: (cell) => ({ roles: cell.split(' ') }),
  tags: (cell) => ({ tags: cell.split(' ') }),
  tool_tags: (cell) => ({ toolTags: cell.split(' ') }),
  module: (cell) => ({ module: cell }),
  classification: (cell) => ({ classification: cell as NonNullable<CallParts['classification']> }),
  namespace: (cell) => ({ namespace: cell }),
  path: (cell) => ({ paths: cell.split(' ') }),
  trust: (cell) => ({ trust: cell as NonNullable<CallParts['trust']> }),
  risk: (cell) => ({ risk: Number(cell) }),
}

function read(table: string) {
  const [header, ...lines] = readFileSync(join(folder, `${table}.csv`), 'utf8')
    .trim()
    .split('\n')
  const columns = header?.split(',') ?? []
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))
  })
}

/** The verb of a tool whose name begins with its namespace is what follows. */
function callOf(row: Record<string, string>): CallParts {
  const given = Object.entries(parts).filter(([column]) => row[column])
  const call = Object.assign({}, ...given.map(([column, part]) => part(row[column] ?? ''))) as CallParts
  const verb = call.tool?.replace(`${call.namespace}.`, '')
  return { ...call, ...(verb !== undefined && { verb }) }
}

const seeds = ['seed-000', 'seed-001', 'seed-002', 'seed-003']
for (const seed of seeds) {
  const names = readdirSync(folder).filter((name) => name.startsWith(seed) && !name.endsWith('.csv'))
  const files = names.map((path) => ({
    path,
    text: readFileSync(join(folder, path), 'utf8'),
    origin: 'local' as const,
  }))
  const snapshot = snapshotOfFiles(files)

  test.each(read(seed).map((row) => [`${seed}: ${row.what}`, row] as const))('%s', (_, row) => {
    const facts: Partial<Facts> = {
      ...(row.day && { today: row.day }),
      ...(row.unbound && { unbound: row.unbound as Facts['unbound'] }),
    }
    const { effect, code, approval_level, matched } = decide(envelope(callOf(row)), snapshot, { ...allFine, ...facts })
    expect([effect, code ?? '', String(approval_level ?? ''), matched.join(' ')]).toEqual([
      row.decision,
      row.code,
      row.level,
      row.matched,
    ])
  })
}

test("seed 002's bounds, masks and alerts come with the decision, and a refusal says why", () => {
  const text = readFileSync(join(folder, 'seed-002.yaml'), 'utf8')
  const snapshot = snapshotOfFiles([{ path: 'database-access.yaml', text, origin: 'local' }])
  const decided = (roles: string[], today: string) =>
    decide(envelope({ server: 'database', tool: 'query', roles }), snapshot, { ...allFine, today })

  expect(decided(['on-call'], '2026-03-22')).toMatchObject({
    constraints: {
      read_only: true,
      max_rows: 100,
      blocked_tables: ['billing.payment_methods', 'users.credentials'],
      require_where_clause: true,
      mask_fields: ['email', 'phone'],
    },
    alerts: ['blocked_table_attempt', 'large_result_set'],
  })
  expect(decided([], '2026-03-22').reason).toBe(
    'rule `database.query/others` denies this call: the tool is only for the roles `senior-engineer` and `on-call`',
  )
  expect(decided(['on-call'], '2026-11-26').reason).toBe(
    'rule `database.query/review` denies this call: the review of this tool was due on 2026-06-22; its owner is security-team',
  )
})
