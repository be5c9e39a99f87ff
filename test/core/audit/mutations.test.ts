import { cpSync, rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { verifyProfile } from '../../../src-main/core/audit/verify-database.ts'
import { removeFolders } from './profile.ts'
import {
  attack,
  buildLog,
  type Copy,
  changed,
  checkpointSizes,
  copyOf,
  length,
  type Row,
  rechained,
  replaceRows,
  rows,
} from './tamper.ts'

afterAll(removeFolders)

const runs = process.env.TOOLGATE_TEST_FULL ? 20_000 : 500
const log = buildLog(false, [15, 30, 48])

/** Numbers in an order that looks random and is the same in each run (mulberry32). */
function randomly(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** What a mutation did: the kinds that fit, and the first bad record or, where hashes cannot tell, the range it is in. */
type Done = { kinds: string[]; first: number; through?: number }
type Mutation = (copy: Copy, random: (below: number) => number) => Done

const editRows = (copy: Copy, act: (all: Row[]) => Row[]) =>
  attack(copy.paths.database, (db) => replaceRows(db, act(rows(db))))
const put = (all: readonly Row[], number: number, row: Row) => all.map((old) => (old.seq === number ? row : old))
const numbered = (all: readonly Row[]) => all.map((row, i) => ({ ...row, seq: i + 1 }))

/** Where the first changed record can be narrowed down to when history was rewritten from `from` on. */
function rangeOf(from: number): Done {
  const below = checkpointSizes.findLast((size) => size < from) ?? 0
  return { kinds: ['rewritten'], first: below + 1, through: checkpointSizes.find((size) => size >= from) ?? length }
}

const mutations: Record<string, Mutation> = {
  'a byte of a text': (copy, random) => {
    const number = 1 + random(length)
    editRows(copy, (all) => {
      const row = all[number - 1] as Row
      const bytes = Buffer.from(row.body)
      const at = random(bytes.length)
      bytes[at] = ((bytes[at] as number) ^ (1 << random(7))) & 0x7f
      return put(all, number, { ...row, body: bytes.toString() })
    })
    return { kinds: ['edited', 'unreadable'], first: number }
  },
  'a byte of a hash': (copy, random) => {
    const number = 1 + random(length)
    editRows(copy, (all) => {
      const row = all[number - 1] as Row
      const hash = Buffer.from(row.hash)
      hash[random(32)] = (hash[random(32)] as number) ^ (1 << random(8))
      if (hash.equals(row.hash)) hash[0] = (hash[0] as number) ^ 1
      return put(all, number, { ...row, hash })
    })
    return { kinds: ['edited'], first: number }
  },
  'a text with its hash': (copy, random) => {
    const number = 1 + random(length)
    editRows(copy, (all) => put(all, number, changed(all[number - 1] as Row, { user_id: `user ${random(1000)}` })))
    return number === length ? rangeOf(length) : { kinds: ['edited'], first: number }
  },
  'a search column': (copy, random) => {
    const number = 1 + random(length)
    const column = ['call_id', 'state', 'server'][random(3)]
    attack(copy.paths.database, (db) => db.exec(`UPDATE audit_entries SET ${column} = 'other' WHERE seq = ${number}`))
    return { kinds: ['edited'], first: number }
  },
  'some records are deleted': (copy, random) => {
    const first = 1 + random(length - 1)
    const last = first + random(length - first)
    editRows(copy, (all) => all.filter(({ seq }) => seq < first || seq > last))
    return last === length
      ? { kinds: ['truncated'], first, through: length }
      : { kinds: ['missing'], first, through: last }
  },
  'the end is deleted, checkpoints too': (copy, random) => {
    const first = 1 + random(length)
    attack(copy.paths.database, (db) => {
      db.exec(`DELETE FROM audit_entries WHERE seq >= ${first}; DELETE FROM audit_checkpoints WHERE size >= ${first}`)
    })
    return { kinds: ['truncated', 'rolled-back'], first, through: length }
  },
  'a record is deleted and the others renumbered': (copy, random) => {
    const number = 1 + random(length - 1)
    editRows(copy, (all) => numbered(all.filter(({ seq }) => seq !== number)))
    return { kinds: ['reordered'], first: number }
  },
  'two records are swapped': (copy, random) => {
    const first = 1 + random(length - 1)
    const second = first + 1 + random(length - first)
    editRows(copy, (all) => {
      const [a, b] = [all[first - 1] as Row, all[second - 1] as Row]
      return put(put(all, first, { ...b, seq: first }), second, { ...a, seq: second })
    })
    return { kinds: ['reordered', 'inserted'], first }
  },
  'some records change their order': (copy, random) => {
    const first = 1 + random(length - 2)
    const count = 2 + random(length - first - 1)
    editRows(copy, (all) =>
      numbered([
        ...all.slice(0, first - 1),
        ...all.slice(first - 1, first - 1 + count).reverse(),
        ...all.slice(first - 1 + count),
      ]),
    )
    return { kinds: ['reordered', 'inserted'], first }
  },
  'a record is made up and put in': (copy, random) => {
    const number = 1 + random(length)
    editRows(copy, (all) =>
      numbered([
        ...all.slice(0, number - 1),
        changed(all[number - 1] as Row, { reason: 'made up' }),
        ...all.slice(number - 1),
      ]),
    )
    return { kinds: ['inserted'], first: number }
  },
  'a record is repeated': (copy, random) => {
    const number = 2 + random(length - 1)
    const which = random(number - 1)
    editRows(copy, (all) => numbered([...all.slice(0, number - 1), all[which] as Row, ...all.slice(number - 1)]))
    return { kinds: ['reordered', 'inserted'], first: number }
  },
  'history is rewritten': (copy, random) => {
    const number = 1 + random(length)
    editRows(copy, (all) => rechained(put(all, number, changed(all[number - 1] as Row, { agent_id: 'x' })), number))
    return rangeOf(number)
  },
  'a record is put in and history rewritten': (copy, random) => {
    const number = 1 + random(length - 1)
    editRows(copy, (all) =>
      rechained(numbered([...all.slice(0, number), all[number - 1] as Row, ...all.slice(number)]), number + 1),
    )
    return rangeOf(number + 1)
  },
  'an older copy of the database': (copy, random) => {
    const size = [15, 30, 48][random(3)] as number
    cpSync(copy.older(size), copy.paths.database)
    return { kinds: ['rolled-back', 'truncated'], first: size + 1, through: length }
  },
}

test(`${runs} mutations, each found, its first bad record named`, { timeout: runs * 600 }, () => {
  const random = randomly(20260102)
  const names = Object.keys(mutations)
  for (let run = 0; run < runs; run++) {
    const name = names[random(names.length)] as string
    const copy = copyOf(log.folder)
    const done = (mutations[name] as Mutation)(copy, random)
    const report = verifyProfile(copy.paths, log.secrets)
    const context = `run ${run}: ${name}: ${JSON.stringify(done)} but ${JSON.stringify(report.problems.slice(0, 3))}`
    expect(report.ok, context).toBe(false)
    expect(report.first_bad, context).toBe(done.first)
    expect(done.kinds, context).toContain(report.problems[0]?.kind)
    if (done.through) expect(report.problems[0]?.through, context).toBe(done.through)
    rmSync(copy.paths.profile, { recursive: true })
  }
})
