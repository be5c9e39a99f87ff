import { z } from 'zod'
import { Tenant } from './credential.ts'
import { actions, classifications } from './envelope.ts'
import { PolicyView } from './policy-view.ts'

const anyDoor = ['terminal', 'app', 'approval'] as const

/**
 * What a client may do with a tool: `allowed` runs and `asks` waits for a person, unless rules that look at arguments say otherwise;
 * `depends` runs only where such a rule says so; `denied` is refused whatever is asked, and left out of the lists of tools.
 */
export const accessWords = ['allowed', 'asks', 'depends', 'denied'] as const
export type AccessWord = (typeof accessWords)[number]

/** How one tool stands towards one client, with the reason in a sentence and the rules that decide. */
export const ToolAccess = z.strictObject({
  server: z.string(),
  tool: z.string(),
  access: z.enum(accessWords),
  /** The level of the person who is asked, from 1 to 5; null when nobody is. */
  level: z.int().nullable(),
  why: z.string(),
  rules: z.array(z.string()),
  action: z.enum(actions),
  classification: z.enum(classifications),
})
export type ToolAccess = z.infer<typeof ToolAccess>

/** An access policy that holds for a client: bound to it, to a role group of its user, or, when nothing is bound, by itself. */
export const HoldingPolicy = z.strictObject({
  id: z.string(),
  origin: z.enum(['org', 'local', 'built_in']),
  by: z.enum(['client', 'role', 'unbound']),
  /** It holds only while the client works for this tenant; null: always. */
  tenant: z.string().nullable(),
  /** Local files that bind it to the client itself, in the policy in force. */
  files: z.array(z.string()),
  description: z.string().nullable(),
})
export type HoldingPolicy = z.infer<typeof HoldingPolicy>

/** What a client can use of all that is registered, under the policy in force ("can call 12 of 48 tools, because…"). */
export const ClientAccess = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** For whom the client works in this; null: for nobody in particular. */
  tenant: z.string().nullable(),
  /** For whom else it could: those that are known here, for one that signs in; the token of any other client says it for ever. */
  tenants: z.array(z.string()),
  /** Hash of the snapshot that says so; null when no policy is in force, and then everything is denied. */
  snapshot: z.string().nullable(),
  policies: z.array(HoldingPolicy),
  counts: z.strictObject({ tools: z.int(), allowed: z.int(), asks: z.int(), depends: z.int(), denied: z.int() }),
  /** In the order of servers and names. */
  tools: z.array(ToolAccess),
})
export type ClientAccess = z.infer<typeof ClientAccess>

/** What an access policy lets through by itself, before any rule, and the client entries for which it holds. */
export const PolicyReach = z.strictObject({
  id: z.string(),
  allowed: z.int(),
  tools: z.int(),
  /** `tenant`: it holds for the client only while that works for this tenant; null: always. */
  clients: z.array(z.strictObject({ id: z.string(), name: z.string(), tenant: z.string().nullable() })),
})
export type PolicyReach = z.infer<typeof PolicyReach>

/** The rows of `shared/calls.ts` about what clients can use. */
export const clientAccessCalls = {
  'clients.access': {
    ...{ doors: anyDoor, presence: false },
    input: z.strictObject({ id: z.string().min(1).max(200), tenant: Tenant.optional() }),
    output: ClientAccess,
  },
  /**
   * Binds an access policy to a client's entry in `bindings.yaml` of the policy folder, or takes that binding out of it; with `tenant` for
   * as long as the client works for that. A change of the folder like any other: what it loosens waits for `policy.confirm`.
   */
  'clients.bind': {
    ...{ doors: anyDoor, presence: false },
    input: z.strictObject({
      ...{ id: z.string().max(200), policy: z.string().max(200), bound: z.boolean() },
      tenant: Tenant.optional(),
    }),
    output: PolicyView,
  },
  'policy.reach': {
    ...{ doors: anyDoor, presence: false },
    input: z.strictObject({}),
    output: z.array(PolicyReach),
  },
} as const
