import { z } from 'zod'
import { actions, classifications, sqlDialects, trustLevels } from './envelope.ts'
import { Denial } from './server-change.ts'
import { IdentityView } from './server-identity.ts'
import { SignInView } from './sign-in.ts'
import { ToolApproval } from './tool-approval.ts'

/** Name of a server: what clients, rules and people call it. */
export const ServerName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/i,
    'a server name is 1–63 letters, digits, `.`, `_` or `-`, starting with a letter or digit',
  )

/** What a stdio server runs: no shell, absolute command after registration, only these extra environment variables. */
export const StdioLaunch = z.strictObject({
  transport: z.literal('stdio'),
  command: z.string().min(1),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
})
export type StdioLaunch = z.infer<typeof StdioLaunch>

/** Where a server's host led when a person registered it: it is never connected to anywhere else. */
export const reaches = ['loopback', 'private', 'internet'] as const
export type Reach = (typeof reaches)[number]

/** Name of a header that a person gives (RFC 9110, token). */
export const HeaderName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'a header name is 1–100 letters, digits or `-`')

/** Its value: what can be seen of ASCII, spaces between. */
export const HeaderValue = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/)
  .max(8192)

/** How a server is reached over HTTP. `headers` go with every request; `reach` is found out when it is registered. */
export const HttpLaunch = z.strictObject({
  transport: z.literal('http'),
  url: z.string().min(1).max(4096),
  headers: z.record(HeaderName, HeaderValue),
  reach: z.enum(reaches),
  /** The server whose sign-in goes with every request; the registry knows it. */
  server: ServerName.optional(),
})
export type HttpLaunch = z.infer<typeof HttpLaunch>

/** Servers that were registered before there were others than stdio servers do not say their transport. */
function named(launch: unknown): unknown {
  const unnamed = typeof launch === 'object' && launch !== null && !('transport' in launch)
  return unnamed ? { transport: 'stdio', ...launch } : launch
}

/** What a server is: a program that runs here, or an address at which it is reached. */
export const LaunchSpec = z.preprocess(named, z.discriminatedUnion('transport', [StdioLaunch, HttpLaunch]))
export type LaunchSpec = z.infer<typeof LaunchSpec>

/** A launch as it is asked for: where a host leads is found out by the core. */
export const AskedLaunch = z.preprocess(
  named,
  z.discriminatedUnion('transport', [StdioLaunch, HttpLaunch.omit({ reach: true, server: true })]),
)
export type AskedLaunch = z.infer<typeof AskedLaunch>

/** What a person wants to be otherwise about a launch; what is absent stays, and null leaves a variable or header out. */
export const LaunchChange = z.discriminatedUnion('transport', [
  StdioLaunch.omit({ env: true })
    .partial({ command: true, args: true, cwd: true })
    .extend({ env: z.record(z.string(), z.string().nullable()).optional() }),
  HttpLaunch.omit({ headers: true, reach: true })
    .partial({ url: true })
    .extend({ headers: z.record(HeaderName, HeaderValue.nullable()).optional() }),
])
export type LaunchChange = z.infer<typeof LaunchChange>

/** A launch as people see it. Values of the environment and of headers may be keys: they never leave the core. */
export const LaunchView = z.preprocess(
  named,
  z.discriminatedUnion('transport', [
    StdioLaunch.omit({ env: true }).extend({ env_names: z.array(z.string()) }),
    HttpLaunch.omit({ headers: true, server: true }).extend({ header_names: z.array(z.string()) }),
  ]),
)
export type LaunchView = z.infer<typeof LaunchView>

/** Words that a person writes about a server or tool: one line, none at all where nobody said any. */
const Words = z.string().trim().max(200)

/** What people know of a server beside what it runs; what is absent in a change stays as it is. */
export const ServerFacts = z.strictObject({
  /** Who answers for it. */
  owner: Words,
  /** What it is there for. */
  purpose: Words,
  /** The SQL that its tools take; null for none, and then bounds on SQL cannot be kept. */
  sql_dialect: z.enum(sqlDialects).nullable(),
})
export type ServerFacts = z.infer<typeof ServerFacts>

/** What is known of a server of which nobody said anything. */
export const noFacts: ServerFacts = { owner: '', purpose: '', sql_dialect: null }

/** What a person decided about a tool in review; pinned with its fingerprint. */
export const ToolReview = z.strictObject({
  name: z.string(),
  /** SHA-256, hex, over name, title, description, schemas, annotations and `_meta.ui` in canonical JSON. */
  fingerprint: z.string(),
  action: z.enum(actions),
  classification: z.enum(classifications),
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  tags: z.array(z.string()),
  /** Safe to repeat: set in review, never read from a live hint. */
  repeatable: z.boolean(),
  /** What it is there for, in the words of whoever reviewed it. */
  purpose: Words.default(''),
  /** Who answers for it; empty where that is whoever answers for its server. */
  owner: Words.default(''),
  /** What it belongs to in its server (seed 000); empty for its namespace. */
  module: Words.default(''),
  /** The argument that holds SQL; null where none does, or where that is found by its name. */
  sql_argument: z.string().min(1).max(200).nullable().default(null),
})
export type ToolReview = z.infer<typeof ToolReview>

/** A registered server as people see it. */
export const ServerView = z.strictObject({
  name: ServerName,
  launch: LaunchView,
  trust_level: z.enum(trustLevels),
  environment: z.string(),
  risk_tags: z.array(z.string()),
  ...ServerFacts.shape,
  state: z.enum(['registered', 'approved', 'changed']),
  /** What is not as it was approved: what it runs (then nothing of it is called), some tools (held), or its instructions (withheld). */
  changed: z.array(z.enum(['launch', 'tools', 'instructions'])),
  generation: z.enum(['legacy', 'modern']).nullable(),
  added_at: z.string(),
  approved_at: z.string().nullable(),
  tools: z.array(ToolReview),
  /** What each of `tools`, in their order, is called where all servers come together (`/mcp`). */
  shared_names: z.array(z.string()),
  /** Who approved each of `tools`, in their order, and until when that counts. */
  approvals: z.array(ToolApproval),
  /** Tools whose live definition no longer matches the pin. */
  held_tools: z.array(z.string()),
  /** Tools that it offers and nobody reviewed, as far as sessions saw them; they are refused. */
  new_tools: z.array(z.string()),
  /** The tier proposed for each of `new_tools`, in their order: to approve one takes that level. */
  new_tiers: z.array(z.int()),
  /** What a person said no to; it stays refused. */
  denied: z.array(Denial),
  /** What it consisted of when it was approved; null before. */
  identity: IdentityView.nullable(),
  /** Names (null: its own) that cannot be read as they are written, or can be mistaken for others. */
  odd_names: z.array(z.strictObject({ tool: z.string().nullable(), signs: z.array(z.string()) })),
  /** Null for what is not signed in to: a program, or an address with a header of its own for that. */
  sign_in: SignInView.nullable(),
})
export type ServerView = z.infer<typeof ServerView>

/** One tool as a review shows it: what is pinned, what the server says now, and what changed, in words. */
export const ToolFinding = z.strictObject({
  tool: ToolReview,
  status: z.enum(['new', 'unchanged', 'changed', 'removed']),
  title: z.string(),
  /** The server's own words: shown as a quotation, never trusted. */
  description: z.string(),
  changes: z.array(z.string()),
  warnings: z.array(z.string()),
  /** The level that approving it takes at least: its tier as proposed, or as pinned where nothing changed. */
  level: z.int(),
})
export type ToolFinding = z.infer<typeof ToolFinding>

/** All that a review shows before a server is approved; `review_hash` stands for it. */
export const ServerReview = z.strictObject({
  server: ServerView,
  tools: z.array(ToolFinding),
  /** When each of `tools` was last called; null for not within a quarter. */
  last_used: z.array(z.string().nullable()),
  /** What it consists of now, all of which an approval pins. */
  identity: IdentityView,
  /** What of that, and of how it is run or reached, is not as it was approved. */
  runs: z.array(z.string()),
  instruction_changes: z.array(z.string()),
  /** What the server tells every model that uses it, in its own words: shown as a quotation, never trusted. */
  instructions: z.string(),
  instruction_warnings: z.array(z.string()),
  review_hash: z.string(),
})
export type ServerReview = z.infer<typeof ServerReview>

/** The pinned definition of a tool, and, for a held one, what the server says now and what changed, meaning first. */
export const ToolDefinitionView = z.strictObject({
  name: z.string(),
  review: ToolReview,
  /** The definition as it was reviewed: JSON text, indented. The server's own words. */
  pinned: z.string(),
  held: z
    .strictObject({
      /** The definition as the server gives it now: JSON text, indented. */
      live: z.string(),
      changes: z.array(z.string()),
    })
    .nullable(),
})
export type ToolDefinitionView = z.infer<typeof ToolDefinitionView>
