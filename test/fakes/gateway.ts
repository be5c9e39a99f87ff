import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ApprovalView } from '../../shared/approval.ts'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import type { sqlDialects } from '../../shared/envelope.ts'
import { Settings } from '../../shared/settings.ts'
import { verifyProfile } from '../../src-main/core/audit/verify-database.ts'
import type { Door } from '../../src-main/core/control/handlers.ts'
import { type Core, createCore } from '../../src-main/core/core.ts'
import { noPages } from '../../src-main/core/no-pages.ts'
import type { Ports } from '../../src-main/core/ports.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { instancePaths, preparePaths } from '../../src-main/host/paths.ts'
import { fileSecrets } from '../../src-main/host/secrets.ts'
import { connectClient, type RawClient } from './raw-client.ts'

/** The door of a person who proved presence; how presence is proved has tests of its own. */
export const person: Door = { name: 'terminal', present: true, pid: process.pid }

/** The same at the approval page, which alone approves tools of tier 3. */
export const approver: Door = {
  ...{ name: 'approval', present: true, pid: null },
  answering: {
    issue: () => ({ ticket: '', armedInMs: 0 }),
    redeem: () => {},
    again: async () => {},
  },
}

const serverFile = (name: string) => fileURLToPath(new URL(`./servers/${name}.mjs`, import.meta.url))

type Options = {
  policy?: string
  settings?: Partial<Settings>
  ports?: Partial<Ports>
  profile?: string
  http?: { port: number }
  /** PATH in which servers and the sandbox are looked for. */
  path?: string
  /** Reads the settings of the profile again, to follow their file. */
  follow?: (paths: Ports['paths']) => Settings
}

export type TestGateway = Awaited<ReturnType<typeof startGateway>>

/** A real core with a fresh profile, real files and real server processes, in this process; clients come in through real shims. */
export async function startGateway({
  policy,
  settings,
  ports: given,
  profile: existing,
  http,
  path,
  follow,
}: Options = {}) {
  const own = existing === undefined ? realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-'))) : null
  const profile = existing ?? join(own ?? '', 'profile')
  const paths = { ...instancePaths(profile), managedPolicy: join(profile, 'managed') }
  preparePaths(paths)
  if (policy !== undefined) writeFileSync(join(paths.policy, 'rules.yaml'), policy)
  const problems: string[] = []
  const note = (message: string, fields?: object) => problems.push(`${message} ${JSON.stringify(fields ?? {})}`)
  const ports: Ports = {
    ...{ clock: systemClock, paths, secrets: fileSecrets(paths.keys), notify: () => {}, openUrl: async () => {} },
    log: { info: () => {}, warn: note, error: note },
    pages: noPages,
    prompts: () => ({ how: 'a test', problem: null }),
    verifyRecord: async () => verifyProfile(paths, fileSecrets(paths.keys)),
    ...given,
  }
  const core: Core = await createCore(ports, {
    ...{
      version: 'test',
      settings: Settings.parse(settings ?? {}),
      ...(follow ? { readSettings: () => follow(paths) } : {}),
      path: path ?? process.env.PATH ?? '',
      http: http ?? null,
      shim: { command: process.execPath, args: [], env: {} },
      onShutdown: () => {},
    },
    starterPolicy: readFileSync(new URL('../../assets/starter-policy.yaml', import.meta.url), 'utf8'),
  })
  const { handlers } = core
  const clients: RawClient[] = []

  return {
    core,
    profile,
    /** Beside the profile and outside of it, for what servers and tests write: calls that touch the profile are denied. */
    folder: dirname(profile),
    paths,
    problems,

    /** Registers, reviews and approves a server through the handlers that the doors use; every tool as proposed. */
    async addServer(
      name: string,
      file: string,
      env: Record<string, string> = {},
      change: { repeatable?: string[]; trust?: 'trusted' | 'restricted'; dialect?: (typeof sqlDialects)[number] } = {},
    ) {
      const launch = {
        transport: 'stdio' as const,
        command: process.execPath,
        args: [serverFile(file)],
        env,
        cwd: dirname(profile),
      }
      const rest = { trust_level: change.trust ?? 'restricted', environment: 'test', risk_tags: ['non_prod'] }
      const { dialect: sql_dialect } = change
      await handlers['servers.add']({ name, launch, ...rest, ...(sql_dialect && { sql_dialect }) }, person)
      return this.approveServer(name, change.repeatable)
    },

    /** Registers and approves a server that is reached over HTTP; every tool as proposed. */
    async addRemote(name: string, url: string, headers: Record<string, string> = {}, repeatable: string[] = []) {
      const rest = { trust_level: 'restricted' as const, environment: 'test', risk_tags: ['non_prod'] }
      await handlers['servers.add']({ name, launch: { transport: 'http', url, headers }, ...rest }, person)
      return this.approveServer(name, repeatable)
    },

    async approveServer(name: string, repeatable: string[] = []) {
      const review = await reviewServer(handlers, name)
      const tools = review.tools.filter(({ status }) => status !== 'removed').map(({ tool }) => tool)
      const chosen = tools.map((tool) =>
        repeatable.includes(tool.name) ? { ...tool, repeatable: true } : { ...tool, repeatable: false },
      )
      await handlers['servers.approve']({ name, review_hash: review.review_hash, tools: chosen }, approver)
      return review.tools
    },

    connect(server: string, options: string[] = []): RawClient {
      const client = connectClient(profile, server, options)
      clients.push(client)
      return client
    },

    /** Waits until a request of this tool waits for a person. */
    async pending(tool: string): Promise<ApprovalView> {
      for (;;) {
        const found = (await handlers['approvals.list']({}, person)).find((view) => view.tool === tool)
        if (found) return found
        await new Promise((resolve) => setImmediate(resolve))
      }
    },

    async answer(view: ApprovalView, answer: 'approve' | 'deny', reason = '') {
      return handlers['approvals.answer']({ id: view.id, answer, shown_hash: view.shown_hash, reason }, person)
    },

    /** All entries, oldest first. */
    entries(): StoredEntry[] {
      return core.audit.tail({ limit: 100_000 }).toSorted((a, b) => a.seq - b.seq)
    },

    /** The states of the calls of one tool, oldest first, with what matters of each. */
    states(tool: string): string[] {
      const calls = this.entries().filter(
        (entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.tool_name === tool,
      )
      return calls.map((e) =>
        [e.state, e.state === 'decided' ? e.policy_decision : (e.answer ?? e.outcome), e.reason_code]
          .filter(Boolean)
          .join(' '),
      )
    },

    async stop() {
      await Promise.all(clients.map((client) => client.close()))
      await core.close()
    },

    async close() {
      await this.stop()
      rmSync(own ?? profile, { recursive: true, force: true })
    },
  }
}

/** A policy that allows reads, asks for writes and denies what destroys; `extra` adds rules. */
export function simplePolicy(extra = ''): string {
  return `version: v1
rules:
  - id: allow-reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
  - id: ask-writes
    match: { labels: { mcp.action: write } }
    decision: REQUIRE_APPROVAL
    level: 1
  - id: deny-destructive
    match: { labels: { mcp.action: destructive } }
    decision: DENY
    reason: nothing is deleted here
${extra}`
}

/** The same, but what servers ask of clients passes: for tests of the wire. */
export function askingPolicy(): string {
  const tools = simplePolicy().replace('mcp.action: write', 'mcp.action: write, mcp.kind: tool')
  return `${tools}  - id: allow-asking
    match: { labels: { mcp.kind: [sampling, elicitation, roots] } }
    decision: ALLOW
    accept_risk: 100
`
}

/** Has a server run once and its tools shown, as it is registered now. */
export async function reviewServer(handlers: Core['handlers'], name: string) {
  const servers = await handlers['servers.list']({}, person)
  const { launch } = servers.find((server) => server.name === name) ?? {}
  if (!launch) throw new Error(`no server \`${name}\` is registered`)
  return handlers['servers.review']({ name, launch }, person)
}

/** A gateway with its HTTP door open and the server of notes behind it, and the port of that door. */
export async function notesOverHttp(): Promise<{ gateway: TestGateway; port: number }> {
  const gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  await gateway.addServer('notes', 'notes-server')
  return { gateway, port: gateway.core.httpPort ?? 0 }
}
