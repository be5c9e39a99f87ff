import type { Action } from './envelope.ts'

/** What a governed message asks for. `tool`, `resource`, `prompt`, `completion` and `task` come from clients, the rest from servers. */
export const kinds = ['tool', 'resource', 'prompt', 'completion', 'task', 'sampling', 'elicitation', 'roots'] as const
export type Kind = (typeof kinds)[number]

/** What becomes of the messages of one method; the same words stand in docs/traffic.md. */
export type Treatment = {
  /** Who sends it. `either`: both do, each about what the other one made. */
  from: 'client' | 'server' | 'either'
  /** What policy decides it as; null when no rule is asked, and `why` says why. */
  kind: Kind | null
  /** What it does to the world; null when the review of the tool says so, or when no rule is asked. */
  action: Action | null
  /** `call`: entries of its own. `with its call`: in those of the call it belongs to. `counted`: as a number at the end of the session. */
  recorded: 'call' | 'with its call' | 'counted' | 'no'
  /** Which ways of it are scanned: to the server, to the client. */
  scanned: 'both ways' | 'to the client' | 'no'
  /** What is special, or why no rule is asked. */
  why: string
}

const asked = { from: 'client', recorded: 'call', scanned: 'both ways' } as const
const passed = { from: 'client', kind: null, action: null, recorded: 'no', scanned: 'to the client' } as const
const back = { from: 'server', recorded: 'call', scanned: 'both ways' } as const
const news = { from: 'server', kind: null, action: null, recorded: 'counted', scanned: 'to the client' } as const
const told = { from: 'client', kind: null, action: null, recorded: 'no', scanned: 'no' } as const

/**
 * Every method that Toolgate knows, of both protocol generations, and what becomes of it: the one table of traffic. Methods
 * that are not here pass, scanned on their way to the client, but not while stopped and not when they name a protected path.
 */
export const traffic: { readonly [method: string]: Treatment } = {
  'tools/call': { ...asked, kind: 'tool', action: null, why: 'its action is that of the review of the tool' },
  'resources/read': { ...asked, kind: 'resource', action: 'read', why: '`ui://` resources of MCP Apps too' },
  'resources/subscribe': { ...asked, kind: 'resource', action: 'read', why: 'news of a resource say that it changes' },
  'prompts/get': { ...asked, kind: 'prompt', action: 'read', why: 'what it gives is put before the model' },
  'completion/complete': { ...asked, kind: 'completion', action: 'read', why: 'proposals for an argument' },
  'tasks/get': { ...asked, from: 'either', kind: 'task', action: 'read', why: 'only tasks that this session made' },
  'tasks/result': { ...asked, from: 'either', kind: 'task', action: 'read', why: 'only tasks that this session made' },
  'tasks/cancel': { ...asked, from: 'either', kind: 'task', action: 'read', why: 'ends what a decided call began' },
  'tasks/update': { ...asked, kind: 'task', action: 'read', why: 'answers what a decided call asked back' },
  'tasks/list': {
    ...asked,
    from: 'either',
    kind: 'task',
    action: 'read',
    why: 'shows only tasks that this session made',
  },
  'sampling/createMessage': {
    ...back,
    kind: 'sampling',
    action: 'write',
    why: "spends the client's model on what the server says",
  },
  'elicitation/create': {
    ...back,
    kind: 'elicitation',
    action: 'read',
    why: 'asks the person at the client; with a link to open it is a `write`',
  },
  'roots/list': { ...back, kind: 'roots', action: 'read', why: "names the client's folders" },

  'tools/list': { ...passed, why: 'tools that are not reviewed, changed, or can never be allowed are left out' },
  'resources/list': { ...passed, why: 'resources that can never be allowed are left out' },
  'resources/templates/list': { ...passed, why: 'templates of which nothing can ever be allowed are left out' },
  'prompts/list': { ...passed, why: 'prompts that can never be allowed are left out' },
  'resources/unsubscribe': { ...passed, why: 'asks for less' },
  'subscriptions/listen': { ...passed, why: 'each resource in it is decided as `resources/subscribe` first' },
  initialize: { ...passed, why: 'instructions that nobody approved are left out' },
  'server/discover': { ...passed, why: 'instructions that nobody approved are left out' },
  ping: { ...passed, from: 'either', why: 'says nothing' },
  'logging/setLevel': { ...passed, why: 'changes only what the server tells this client' },

  'notifications/message': { ...news, why: 'a server may write thousands: an entry each would bury the calls' },
  'notifications/progress': {
    ...news,
    from: 'either',
    why: 'a server may write thousands: an entry each would bury the calls',
  },
  'notifications/resources/updated': { ...news, why: 'says that something changed, not what' },
  'notifications/resources/list_changed': { ...news, why: 'the list is asked for again, and filtered' },
  'notifications/tools/list_changed': { ...news, why: 'the list is asked for again, and filtered' },
  'notifications/prompts/list_changed': { ...news, why: 'the list is asked for again, and filtered' },
  'notifications/subscriptions/acknowledged': { ...news, why: 'confirms what was subscribed to' },
  'notifications/elicitation/complete': { ...news, why: 'ends what was decided when it was asked' },
  'notifications/tasks': { ...news, why: 'the state of a task of a decided call' },
  'notifications/tasks/status': { ...news, from: 'either', why: 'the state of a task of a decided call' },
  'notifications/cancelled': {
    ...told,
    from: 'either',
    recorded: 'with its call',
    why: 'ends the request that it names',
  },
  'notifications/initialized': { ...told, why: 'says nothing' },
  'notifications/roots/list_changed': { ...told, why: 'the server asks for the roots again, which is decided' },
}

/** Decided methods that 2026-07-28 no longer has: whoever speaks it is told so, whatever its server would do with them. */
export const goneSince2026: readonly string[] = ['resources/subscribe', 'tasks/result', 'tasks/list']

/** The kind of a request of a client that policy decides; null for all other messages. */
export function kindFromClient(method: string): Kind | null {
  const treatment = Object.hasOwn(traffic, method) ? traffic[method] : undefined
  return treatment && treatment.from !== 'server' ? treatment.kind : null
}

/** The kind of a request of a server that policy decides; null for all other messages. */
export function kindFromServer(method: string): Kind | null {
  const treatment = Object.hasOwn(traffic, method) ? traffic[method] : undefined
  return treatment && treatment.from !== 'client' ? treatment.kind : null
}
