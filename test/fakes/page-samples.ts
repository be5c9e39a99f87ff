import type { CallRow } from '../../shared/activity.ts'
import type { ApprovalView } from '../../shared/approval.ts'
import type { StatusView } from '../../shared/calls.ts'
import type { ServerView } from '../../shared/server.ts'
import type { ServerRun } from '../../shared/server-run.ts'
import type { HaltView } from '../../shared/stop.ts'
import type { ToolApproval } from '../../shared/tool-approval.ts'

const hash = 'a41f0c7be2d94c1d8f3e6a7b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d'
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

/** Names that break layouts: the longest, another direction, emoji, one that tries to look like another, nothing to break at. */
export const hardNames = [
  'a-server-with-the-longest-name-that-is-allowed-at-all-63-letters',
  'קבצים־של־הפרויקט',
  '🗂️ files 👩‍👩‍👧‍👦',
  'fi\u202eles\u2066\u200b',
  'x'.repeat(200),
] as const

/** About 20 kB of arguments as one line of JSON: a big number, an escape, hidden and right-to-left text, deep and long. */
export const longArguments = JSON.stringify({
  path: '/home/ana/projects/ledger/src/books/closing-entries.ts',
  content: `${'export const total = lines.reduce((sum, line) => sum + line.amount, 0)\n'.repeat(260)}// \u202egnp.exe`,
  note: 'שלום, עולם 🙂',
  options: { create: true, mode: 420, nested: { a: { b: { c: [1, 2, [3, [4, []]], {}] } } } },
}).replace('"mode":420', '"mode":12345678901234567890.10')

/** A halt of everything, of `files` or of the client Cursor. */
export function haltOf(scope: HaltView['scope']): HaltView {
  const of = { all: ['', ''], server: ['files', 'files'], client: ['client_01', 'Cursor'] } as const
  const [name, title] = of[scope]
  const by = { since: ago(4), by: 'ana', door: 'app', tripped_by: null }
  return { scope, name, title, reason: 'it writes where it should not', ...by }
}

/** A gateway that guards everything. */
export function quietStatus(): StatusView {
  return {
    version: '0.1.0',
    pid: 4242,
    profile: '/home/ana/.local/share/toolgate',
    socket: '/run/user/1000/toolgate/7f3a/gateway.sock',
    http: 'http://127.0.0.1:4780/mcp/<server>',
    http_problem: null,
    http_public: null,
    shim: { command: '/usr/bin/node', args: ['/opt/toolgate/out/shim.js'], env: {} },
    started_at: ago(190),
    stopped: false,
    halts: [],
    incidents: 0,
    overrides: [],
    servers: [
      { name: 'files', state: 'approved', tools: 14, sessions: 2, runs: 'idle' },
      { name: 'github', state: 'approved', tools: 41, sessions: 1, runs: 'idle' },
      { name: 'postgres', state: 'approved', tools: 6, sessions: 0, runs: 'idle' },
    ],
    policy: { snapshot: hash, since: null, rules: 23, problems: 0, waiting: false },
    observing: [],
    observe_ended: null,
    approvals: 0,
    apps: 0,
    prompts: { how: ['a page that is open'], problem: null },
    audit: { entries: 18_204, writable: true, gap: false, streams: [] },
    reviews: { due: 0, soon: 0 },
    unknown_servers: { refused: 0, names: [] },
    presence_enrolled: true,
    presence_lost: false,
    settings_problem: null,
    sessions: 3,
  }
}

/** A gateway in whose settings nearly everything needs a person. */
export function busyStatus(): StatusView {
  const quiet = quietStatus()
  return {
    ...quiet,
    servers: [
      ...quiet.servers,
      { name: 'slack', state: 'changed', tools: 9, sessions: 0, runs: 'idle' },
      { name: hardNames[0], state: 'registered', tools: 0, sessions: 0, runs: 'idle' },
    ],
    policy: { ...quiet.policy, problems: 2, waiting: true },
    approvals: 3,
    http: null,
    http_problem: 'port 4780 is used by another program',
  }
}

/** A gateway just installed. */
export function freshStatus(): StatusView {
  return {
    ...quietStatus(),
    started_at: ago(0),
    servers: [],
    policy: { snapshot: hash, since: null, rules: 6, problems: 0, waiting: false },
    audit: { entries: 2, writable: true, gap: false, streams: [] },
    presence_enrolled: false,
    sessions: 0,
  }
}

/** `count` calls, newest first, of every kind, some with hard names. */
export function manyCalls(count: number): CallRow[] {
  return Array.from({ length: count }, (_, at) => oneCall(count - at, at))
}

const kinds = [
  { state: 'closed', decision: 'ALLOW', outcome: 'executed', action: 'read', tool: 'read_file' },
  {
    state: 'closed',
    decision: 'ALLOW_WITH_CONSTRAINTS',
    outcome: 'executed_with_constraints',
    action: 'write',
    tool: 'write_file',
  },
  { state: 'closed', decision: 'DENY', outcome: 'blocked', action: 'destructive', tool: 'delete_repository' },
  { state: 'held', decision: 'REQUIRE_APPROVAL', outcome: null, action: 'write', tool: 'create_issue' },
  { state: 'closed', decision: 'ALLOW', outcome: 'withheld', action: 'read', tool: 'query' },
] as const

function oneCall(seq: number, at: number): CallRow {
  const { state, decision, outcome, action, tool } = kinds[at % kinds.length] ?? kinds[0]
  const denied = decision === 'DENY'
  return {
    call_id: `call-${seq}`,
    kind: 'tool',
    seq: seq * 3,
    started_at: ago(at * 1.7),
    client: {
      id: 'cursor',
      name: at % 7 === 3 ? hardNames[2] : 'Cursor',
      identity: at % 4 === 0 ? 'claimed' : 'verified',
    },
    server: at % 11 === 5 ? hardNames[0] : 'files',
    tool: at % 13 === 6 ? hardNames[4] : tool,
    action,
    state,
    decision,
    outcome,
    observed: at % kinds.length === 0 && at > 30 ? 'REQUIRE_APPROVAL' : null,
    reason_code: denied ? 'POLICY_DENIED' : null,
    reason: denied ? 'policy denies this call: deleting is for people' : null,
    rules: denied ? ['no-deleting'] : ['read-projects'],
    risk: (at * 17) % 101,
    findings: at % 9 === 4 ? [{ rule: 'github-token', count: 1, where: 'result' }] : [],
    latency_ms: outcome === null ? null : 12 + ((at * 31) % 900),
    wait_ms: decision === 'REQUIRE_APPROVAL' ? 8_200 : null,
  }
}

const ofEachKind = [
  ['resource', 'file:///home/ana/projects/ledger/README.md', 'read', 'executed'],
  ['resource', 'ui://files/browser.html', 'read', 'executed'],
  ['prompt', 'summarise_folder', 'read', 'executed'],
  ['completion', 'summarise_folder', 'read', 'executed'],
  ['task', 'index_folder', 'read', 'executed'],
  ['sampling', 'sampling/createMessage', 'write', 'denied'],
  ['elicitation', 'form', 'read', 'executed'],
  ['elicitation', 'xn--ggle-0nda.example', 'write', null],
  ['roots', 'roots/list', 'read', 'executed'],
  ['resource', 'file:///home/ana/.ssh/id_ed25519', 'read', 'blocked'],
  ['prompt', 'no_such_prompt', 'read', 'tool_error'],
] as const

/** A call of each kind but a tool's, newest first. */
export function callsOfEachKind(): CallRow[] {
  return ofEachKind.map(([kind, tool, action, outcome], at) => {
    const call = oneCall(100 - at, outcome === 'blocked' ? 2 : 0)
    const asked = kind === 'sampling' || outcome === null
    return {
      ...{ ...call, call_id: `kind-${at}`, started_at: ago(at * 2), kind, tool, action, outcome, server: 'files' },
      ...{ decision: asked ? 'REQUIRE_APPROVAL' : call.decision, state: outcome === null ? 'held' : 'closed' },
      ...{
        wait_ms: asked ? 4_100 : null,
        latency_ms: outcome === null ? null : 14,
        findings: [],
        client: { ...call.client, identity: 'verified' },
      },
    }
  })
}

/** A held call; `hard` makes everything in it long, hidden or in another direction. */
export function heldCall(id: string, hard = false): ApprovalView {
  return {
    id,
    state: 'pending',
    level: 1,
    created_at: ago(0.2),
    expires_at: new Date(Date.now() + 540_000).toISOString(),
    waiting: 1,
    kind: 'tool',
    client: { id: 'cursor', name: hard ? hardNames[3] : 'Cursor', identity: 'verified', pid: 8_123 },
    server: hard ? hardNames[0] : 'files',
    tool: hard ? hardNames[4] : 'write_file',
    action: 'write',
    arguments: hard ? longArguments : '{"path":"/home/ana/projects/ledger/README.md","content":"# Ledger\\n"}',
    also_sent: '',
    resources: ['/home/ana/projects/ledger/README.md'],
    why: 'rule `ask-writes` asks a person before anything is written outside of `~/scratch`',
    rules: ['ask-writes'],
    constraints: { max_runtime_sec: 30 },
    risk: {
      score: 46,
      factors: [
        { name: 'action', points: 30, detail: 'writes' },
        { name: 'trust', points: 16, detail: 'the server is restricted' },
      ],
    },
    findings: [],
    goes_to: [],
    definition: { approved_at: ago(60 * 24 * 30), changes: [] },
    editable: true,
    caller_waits_until: new Date(Date.now() + 45_000).toISOString(),
    shown_hash: hash,
  }
}

/** An approval of a month ago that counts for two more. */
/** Writes to files of one folder that wait, the oldest first; the second of them is long. */
export function alikeCalls(count: number): ApprovalView[] {
  return Array.from({ length: count }, (_, at) => {
    const path = `/home/ana/projects/ledger/${at}.md`
    return {
      ...heldCall(`r${String(at).padStart(3, '0')}`),
      created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, at)).toISOString(),
      arguments: JSON.stringify({ path, content: 'x\n'.repeat(at === 1 ? 400 : 1) }),
      resources: [path],
    }
  })
}

export function sampleApproval(): ToolApproval {
  const inDays = (days: number) => ago(-days * 24 * 60)
  return { by: 'ana', door: 'approval', level: 2, at: inDays(-30), expires_at: inDays(61), next_review: inDays(47) }
}

/** An approved server with two tools. */
export function sampleServer(name: string): ServerView {
  const tool = {
    classification: 'internal',
    tier: 2,
    tags: [] as string[],
    repeatable: false,
    fingerprint: hash,
    ...{ purpose: '', owner: '', module: '', sql_argument: null },
  } as const
  return {
    name,
    launch: {
      command: '/usr/bin/npx',
      args: ['-y', 'server-files', '/home/ana/projects'],
      cwd: '/home/ana',
      env_names: [],
      transport: 'stdio',
    },
    trust_level: 'restricted',
    environment: 'local',
    risk_tags: [],
    ...{ owner: '', purpose: '', sql_dialect: null },
    state: 'approved',
    generation: 'modern',
    added_at: ago(9_000),
    approved_at: ago(8_900),
    tools: [
      { ...tool, name: 'read_file', action: 'read' },
      { ...tool, name: 'write_file', action: 'write' },
    ],
    shared_names: [`${name}__read_file`, `${name}__write_file`],
    approvals: [sampleApproval(), sampleApproval()],
    held_tools: [],
    ...{ new_tools: [], new_tiers: [], denied: [], odd_names: [], identity: null },
    changed: [],
    sign_in: null,
  }
}

/** A link that a server wants opened, held for a person. */
export function heldLink(id: string): ApprovalView {
  const url = 'https://accounts.google.com@xn--ggle-0nda.example/login?next=%2F'
  return {
    ...heldCall(id),
    ...{ kind: 'elicitation', tool: 'xn--ggle-0nda.example', resources: [url], constraints: {} },
    arguments: JSON.stringify({ mode: 'url', message: 'Sign in to go on', url, elicitationId: 'e-1' }),
    why: 'rule `ask-writes` asks a person to approve this call at level 1: writes ask a person',
    risk: {
      score: 55,
      factors: [
        { name: 'action', points: 30, detail: 'write' },
        { name: 'external_destination', points: 10, detail: 'xn--ggle-0nda.example' },
        { name: 'trust', points: 5, detail: 'server is restricted' },
      ],
    },
  }
}

/** How a server does that keeps ending; what it says is hard to show. */
export function crashingRun(name: string): ServerRun {
  return {
    ...{ name, state: 'crashing', restarts: 6, ends: 7, outdated: 0 },
    processes: [],
    last_end: {
      ...{ at: ago(0.4), how: 'it ended with code 4' },
      said: ['Error: no licence was found', `    at ${'very/'.repeat(30)}long/path.js:12:5`, hardNames[3]],
    },
    next_try: new Date(Date.now() + 45_000).toISOString(),
  }
}

/** How a server does that three sessions use, one of them as it was before its settings changed. */
export function busyRun(name: string): ServerRun {
  return {
    ...{ name, state: 'running', restarts: 1, ends: 1, outdated: 1, next_try: null },
    processes: ['Cursor', hardNames[2], 'Claude Desktop'].map((client, at) => ({
      ...{ client, session: `session_${at}`, pid: at === 2 ? null : 8_100 + at, since: ago(at * 17 + 1) },
      sandbox: at === 0 ? 'network: only api.github.com' : null,
    })),
    last_end: { at: ago(44), how: 'it was ended by SIGKILL', said: [] },
  }
}
