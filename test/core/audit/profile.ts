import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallEntry, EventEntry } from '../../../shared/audit.ts'
import { type AuditLog, createAuditLog } from '../../../src-main/core/audit/log.ts'
import type { Log, Paths, Secrets } from '../../../src-main/core/ports.ts'
import { type Db, openDatabase } from '../../../src-main/core/store/database.ts'
import { type FakeClock, fakeClock } from '../../fakes/clock.ts'
import { fakeSecrets } from '../../fakes/secrets.ts'

/** A profile in a folder of its own, with its log open; `reopen` starts over on the same files as the next process would. */
export type Profile = {
  paths: Paths
  secrets: ReturnType<typeof fakeSecrets>
  clock: FakeClock
  /** What was written to the log file. */
  logged: string[]
  db: Db
  audit: AuditLog
  /** Leaves the log as a killed process does: nothing signed, the mark open. */
  abandon: () => void
  close: () => void
  reopen: () => void
}

export function pathsIn(folder: string): Paths {
  const at = (name: string) => join(folder, name)
  return {
    profile: folder,
    database: at('toolgate.db'),
    socket: at('run/socket'),
    run: at('run'),
    keys: at('keys'),
    vault: at('vault'),
    policy: at('policy'),
    logs: at('logs'),
    settings: at('settings'),
    checkpoints: at('checkpoints'),
    managedPolicy: at('managed'),
  }
}

const folders: string[] = []

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-audit-'))
  folders.push(folder)
  return folder
}

/** For `afterAll`: removes what `newFolder` made. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export function openProfile(folder = newFolder(), secrets = fakeSecrets()): Profile {
  const logged: string[] = []
  const note = (message: string) => void logged.push(message)
  const profile: Profile = {
    paths: pathsIn(folder),
    secrets,
    clock: fakeClock(),
    logged,
    db: undefined as unknown as Db,
    audit: undefined as unknown as AuditLog,
    abandon: () => profile.db.close(),
    close: () => {
      profile.audit.close()
      profile.db.close()
    },
    reopen: () => {
      profile.db = openDatabase(profile.paths.database)
      profile.audit = openLog(profile.db, profile.paths, secrets, profile.clock, {
        info: note,
        warn: note,
        error: note,
      })
    },
  }
  profile.reopen()
  return profile
}

function openLog(db: Db, paths: Paths, secrets: Secrets, clock: FakeClock, log: Log): AuditLog {
  return createAuditLog({ db, paths, secrets, clock, log })
}

export function call(id: number | string, fields: Partial<CallEntry> = {}): CallEntry {
  return {
    kind: 'call',
    call_id: `call_${id}`,
    state: 'decided',
    correlation_id: `corr_${id}`,
    session_id: 'session_1',
    user_id: 'ana',
    agent_id: 'client_1',
    agent_name: 'Editor',
    agent_identity: 'verified',
    tool_server: 'files',
    tool_name: 'read_file',
    protocol_generation: 'legacy',
    ...fields,
  }
}

export function event(name: string, detail: Record<string, unknown> = {}): EventEntry {
  return { kind: 'event', event: name, user_id: 'ana', detail }
}
