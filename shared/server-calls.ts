import { z } from 'zod'
import { trustLevels } from './envelope.ts'
import {
  AskedLaunch,
  LaunchChange,
  LaunchView,
  ServerFacts,
  ServerName,
  ServerReview,
  ServerView,
  ToolDefinitionView,
  ToolReview,
} from './server.ts'
import { ServerChange } from './server-change.ts'
import { ServerRun } from './server-run.ts'
import { ToolProgress, UnusedTool } from './tool-approval.ts'

const nothing = z.strictObject({})
const byName = z.strictObject({ name: ServerName })
const anyDoor = ['terminal', 'app', 'approval'] as const
const pages = ['app', 'approval'] as const
/** Doors at which a person can prove to be there. */
const personal = ['terminal', 'approval'] as const

/** The rows of `shared/calls.ts` about servers and their tools. What only tightens needs no person. */
export const serverCalls = {
  'servers.list': { doors: anyDoor, presence: false, input: nothing, output: z.array(ServerView) },
  /** Registers a server; it runs only once a person has reviewed and approved it. A `command` without a folder is looked for in PATH. */
  'servers.add': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({
      name: ServerName,
      launch: AskedLaunch,
      trust_level: z.enum(trustLevels),
      environment: z.string(),
      risk_tags: z.array(z.string()),
      ...ServerFacts.partial().shape,
    }),
    output: ServerView,
  },
  /** Whether a server could be registered so: fails as `servers.add` would. `replaces`: one of this name that nobody approved. */
  'servers.check': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({ name: ServerName, launch: AskedLaunch }),
    output: z.strictObject({ replaces: z.boolean() }),
  },
  /** Changes a server: what it runs or how it is judged. It has to be approved again before anything of it is called. */
  'servers.set': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({
      name: ServerName,
      launch: LaunchChange.optional(),
      trust_level: z.enum(trustLevels).optional(),
      environment: z.string().optional(),
      risk_tags: z.array(z.string()).optional(),
      ...ServerFacts.partial().shape,
    }),
    output: ServerView,
  },
  'servers.remove': { doors: personal, presence: true, input: byName, output: nothing },
  /**
   * Runs the server once to see its tools; needs presence because it runs the command. `launch` is what the person was shown
   * that it would run: refused when that is no longer so.
   */
  'servers.review': {
    doors: personal,
    presence: true,
    input: byName.extend({ launch: LaunchView }),
    output: ServerReview,
  },
  /** Pins what `servers.review` showed; `review_hash` ties the two together. `tools` may tighten or override the proposal. */
  'servers.approve': {
    doors: personal,
    presence: true,
    input: z.strictObject({ name: ServerName, review_hash: z.string(), tools: z.array(ToolReview) }),
    output: ServerView,
  },
  /** All that is not as it was approved, of one server or of all that are not. */
  'servers.changes': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({ name: ServerName.optional() }),
    output: z.array(ServerChange),
  },
  /** Says no to what changed or is new: it stays refused, also when it is as before again, until a review approves it. */
  'servers.deny': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({
      name: ServerName,
      tools: z.array(z.string()).max(1000),
      /** What it runs, or where it is reached: then nothing of it is called. */
      server: z.boolean(),
      instructions: z.boolean(),
      reason: z.string().max(1000),
    }),
    output: ServerView,
  },
  /** How each tool of a server stands in its workflow: reviewed ones in the order of its `tools`, then new ones. */
  'tools.progress': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({ server: ServerName }),
    output: z.array(ToolProgress),
  },
  /** Reviewed tools that nobody called for a quarter, proposed for removal. */
  'tools.unused': { doors: anyDoor, presence: false, input: nothing, output: z.array(UnusedTool) },
  /** Takes the approval of tools away: they are refused until they are reviewed again. */
  'tools.retire': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({ server: ServerName, tools: z.array(z.string()).min(1).max(1000) }),
    output: ServerView,
  },
  /** How every server does right now: its processes, for whom they run, and what became of it lately. */
  'servers.runs': { doors: anyDoor, presence: false, input: nothing, output: z.array(ServerRun) },
  /** Ends a server's processes and starts them again; one that keeps ending is tried again at once. What is open is answered as ended. */
  'servers.restart': { doors: anyDoor, presence: false, input: byName, output: ServerRun },
  /** Ends a server's processes now; the next request of a client starts them again. */
  'servers.stop': { doors: anyDoor, presence: false, input: byName, output: ServerRun },
  /**
   * Begins a sign-in to a server over HTTP: gives the address that a person opens in a browser, after `open` opened it there if
   * it could. How it goes is seen in `sign_in` of the server.
   */
  'servers.sign_in': {
    doors: personal,
    presence: true,
    input: byName.extend({ open: z.boolean() }),
    output: z.strictObject({ url: z.string(), opened: z.boolean() }),
  },
  /** Keeps the client that a person registered with a server's authorization server; `redirect_uri` must be registered there. */
  'servers.sign_in_as': {
    doors: personal,
    presence: true,
    input: byName.extend({
      client_id: z.string().regex(/^[\x20-\x7e]{1,2048}$/),
      client_secret: z
        .string()
        .regex(/^[\x20-\x7e]{1,4096}$/)
        .nullable(),
    }),
    output: z.strictObject({ issuer: z.string(), redirect_uri: z.string() }),
  },
  'servers.sign_out': { doors: personal, presence: true, input: byName, output: ServerView },
  /** The pinned definitions of a server's tools, and for a held tool what it says now. */
  'servers.definitions': { doors: pages, presence: false, input: byName, output: z.array(ToolDefinitionView) },
} as const
