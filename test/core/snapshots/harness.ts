import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { PolicyView } from '../../../shared/policy-view.ts'
import { createSnapshots, type Snapshots } from '../../../src-main/core/snapshots/snapshots.ts'
import { type Db, openDatabase } from '../../../src-main/core/store/database.ts'
import { type FakeClock, fakeClock } from '../../fakes/clock.ts'
import { testFolder } from '../../fakes/folder.ts'
import { fakeSecrets } from '../../fakes/secrets.ts'
import { rules, sha256 } from '../policy/call.ts'

export const everything = 'match: { labels: { mcp.server: "*" } }'
export const allow = `id: allow, match: { labels: { mcp.action: read } }, decision: ALLOW`
export const ask = `id: ask, match: { labels: { mcp.action: write } }, decision: REQUIRE_APPROVAL`
export const deny = `id: deny, match: { labels: { mcp.tool: shell } }, decision: DENY`
export const allowEverything = `id: agent, ${everything}, decision: ALLOW, accept_risk: 100`
export const starter = rules(allow, ask)

export type Event = { event: string; detail: Record<string, unknown> }

/** One instance with its folders and database; `start` starts keeping policy, as often as a test restarts. */
export type Instance = {
  folder: string
  managed: string
  db: Db
  secrets: ReturnType<typeof fakeSecrets>
  clock: FakeClock
  events: Event[]
  views: PolicyView[]
  start: (onEvent?: (event: string) => void) => Snapshots
  write: (name: string, text: string) => void
  writeManaged: (name: string, text: string) => void
  read: (name: string) => string
}

/** A fresh instance; with `files`, its policy folder already holds them. */
export function instance(files: Record<string, string> = {}): Instance {
  const profile = testFolder()
  const [folder, managed] = [join(profile, 'policy'), join(profile, 'managed')]
  const db = openDatabase(':memory:')
  onTestFinished(() => void db.close())
  const secrets = fakeSecrets()
  const clock = fakeClock()
  const events: Event[] = []
  const views: PolicyView[] = []
  const put = (where: string) => (name: string, text: string) => {
    mkdirSync(where, { recursive: true, mode: 0o700 })
    writeFileSync(join(where, name), text, { mode: 0o600 })
  }
  for (const [name, text] of Object.entries(files)) put(folder)(name, text)

  function start(onEvent: (event: string) => void = () => {}): Snapshots {
    const snapshots = createSnapshots({
      schemas: () => null,
      ...{ db, secrets, folder, managedFolder: managed, starter, user: 'ada', sha256, clock },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      onChange: (view) => views.push(view),
      onEvent: (event, detail) => {
        onEvent(event)
        events.push({ event, detail })
      },
    })
    onTestFinished(() => snapshots.close())
    return snapshots
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  return {
    folder,
    managed,
    db,
    secrets,
    clock,
    events,
    views,
    start,
    write: put(folder),
    writeManaged: put(managed),
    read,
  }
}

/** Every policy that was ever in force, oldest first. */
export function history(db: Db): { hash: string; author: string; reviewer: string | null; reason: string }[] {
  return db
    .prepare<[], { hash: string; author: string; reviewer: string | null; reason: string }>(
      'SELECT hash, author, reviewer, reason FROM policy_snapshots ORDER BY id',
    )
    .all()
}

/** Ids of the rules in force. */
export function ruleIds(snapshots: Snapshots): string[] | null {
  return snapshots.current()?.rules.map((rule) => rule.id) ?? null
}
