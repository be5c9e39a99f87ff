import type { AuditReport } from '../../shared/audit.ts'

/** What a host must supply. The core never imports a host; a native aspect that the core needs becomes a port here. */
export type Ports = {
  clock: Clock
  paths: Paths
  secrets: Secrets
  notify: (notification: Notification) => void
  openUrl: (url: string) => Promise<void>
  log: Log
  pages: PagesPort
  /** Whether and how this host itself brings a call that waits before a person, asked anew for each call. */
  prompts: () => HostPrompts
  /** Verifies the record of this profile with the separate verifier, in a process of its own. */
  verifyRecord: () => Promise<AuditReport>
  /** The platform's own authentication of the person (Touch ID, say); absent where there is none. */
  authenticate?: (reason: string) => Promise<boolean>
  /** Calls back each time that this machine woke, where the host hears of it; else it is noticed by the clocks, within seconds. */
  onWake?: (woke: () => void) => void
  /** Called at named points of a call; a host for fault tests pauses here. Absent in products. */
  probe?: (point: string) => void | Promise<void>
}

/** Wall clock in milliseconds since 1970 for records, monotonic milliseconds for durations, and one-shot timers. */
export type Clock = {
  now: () => number
  monotonic: () => number
  /** Runs `fn` once after `ms`; the returned function cancels it. Timers do not keep the process alive. */
  after: (ms: number, fn: () => void) => () => void
}

/** Absolute paths of one instance; all but `managedPolicy` lie in the profile folder. */
export type Paths = {
  profile: string
  database: string
  /** Unix socket path or Windows pipe name. */
  socket: string
  /** Folder of the socket and of files that live as long as the gateway; 0700. */
  run: string
  keys: string
  /** Sealed secrets of servers; their key lies with `secrets`. */
  vault: string
  policy: string
  logs: string
  settings: string
  /** Signed checkpoints copied outside the database, and the head mark. */
  checkpoints: string
  /** Policy that an administrator of this machine put there; its rules count as the organisation's. */
  managedPolicy: string
}

/** Small secrets (keys of at most a few kB), for this user only. */
export type Secrets = {
  get: (name: string) => Buffer | null
  set: (name: string, value: Buffer) => void
  delete: (name: string) => void
}

/**
 * Something a person should see soon; plain text. `sound`: they want to hear it too. `deny`: there where it is about one request that
 * waits, and denies just that one, once: for hosts whose notifications have buttons. A notification never allows anything.
 */
export type Notification = {
  title: string
  body: string
  kind: 'approval' | 'warning'
  sound?: boolean
  deny?: () => void
}

/**
 * What a host can do to show a person that something waits. `how`: in words, such as `a window on this desktop`; null when it can do
 * nothing, as when it has neither window nor terminal. `problem`: what of it does not work and what to do, in words; null when all does.
 */
export type HostPrompts = { how: string | null; problem: string | null }

/** The log of the gateway itself; neither secrets nor arguments of calls go into it. */
export type Log = {
  info: (message: string, fields?: Record<string, unknown>) => void
  warn: (message: string, fields?: Record<string, unknown>) => void
  error: (message: string, fields?: Record<string, unknown>) => void
}

/** The pages of the app, as far as only the host knows where they are. Both throw `CallError` when this host shows none. */
export type PagesPort = {
  /** A new sign-in link for the app. */
  appLink: () => string
  /** Opens the approval page at a place such as `/servers/files`: gives a sign-in link, or null when a window opened. */
  openApprovals: (at: string) => string | null
}
