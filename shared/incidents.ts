import { z } from 'zod'
import { haltScopes } from './stop.ts'

const anyDoor = ['terminal', 'app', 'approval'] as const
const readers = ['terminal', 'app'] as const
const closers = ['terminal', 'approval'] as const

/** What opened an incident: somebody stopped something, a gate tripped, an override began, or a person by hand. */
export const incidentKinds = ['stop', 'gate', 'override', 'manual'] as const
export type IncidentKind = (typeof incidentKinds)[number]

/** An incident: something to look into, from a quarter of an hour before it was opened until a person closes it. */
export const IncidentView = z.strictObject({
  id: z.string(),
  kind: z.enum(incidentKinds),
  /** Which records belong to it: all, those of a server, or those of a client. */
  scope: z.enum(haltScopes),
  name: z.string(),
  /** What people call it: of a client entry its name. */
  title: z.string(),
  why: z.string(),
  opened_at: z.string(),
  opened_by: z.string(),
  opened_door: z.string(),
  /** Null while it is open. */
  closed_at: z.string().nullable(),
  closed_by: z.string(),
  conclusion: z.string(),
})
export type IncidentView = z.infer<typeof IncidentView>

/** Something that was added to an incident; nobody can change or remove it. */
export const IncidentNote = z.strictObject({ at: z.string(), by: z.string(), door: z.string(), text: z.string() })
export type IncidentNote = z.infer<typeof IncidentNote>

/** A record that belongs to an incident, in one line. */
export const IncidentRecord = z.strictObject({
  seq: z.int(),
  at: z.string(),
  /** State of a call, or name of an event. */
  what: z.string(),
  call_id: z.string().nullable(),
  client: z.string(),
  server: z.string(),
  tool: z.string(),
  /** Decision, outcome, reason. */
  detail: z.string(),
})
export type IncidentRecord = z.infer<typeof IncidentRecord>

/** An incident in full, with a page of its records, newest first; `next` goes on, null when that was all. */
export const IncidentDetail = z.strictObject({
  incident: IncidentView,
  notes: z.array(IncidentNote),
  records: z.array(IncidentRecord),
  next: z.int().nullable(),
})
export type IncidentDetail = z.infer<typeof IncidentDetail>

const id = z.string().min(1).max(80)
const words = z.string().trim().min(1).max(2000)
const name = z.string().min(1).max(200).optional()

/** The rows of `shared/calls.ts` about incidents: they only ever grow, and a person closes them. */
export const incidentCalls = {
  /** Open ones first, then the newest; at most 200. */
  'incidents.list': {
    ...{ doors: anyDoor, presence: false },
    input: z.strictObject({}),
    output: z.array(IncidentView),
  },
  /** `before`: only records with a smaller number. */
  'incidents.show': {
    ...{ doors: readers, presence: false },
    input: z.strictObject({ id, before: z.int().optional() }),
    output: IncidentDetail,
  },
  'incidents.open': {
    ...{ doors: readers, presence: false },
    input: z
      .strictObject({ why: words, server: name, client: name })
      .refine(({ server, client }) => server === undefined || client === undefined, {
        error: 'name a server or a client, not both',
      }),
    output: IncidentView,
  },
  'incidents.note': {
    ...{ doors: readers, presence: false },
    input: z.strictObject({ id, text: words }),
    output: IncidentView,
  },
  'incidents.close': {
    ...{ doors: closers, presence: true },
    input: z.strictObject({ id, conclusion: words }),
    output: IncidentView,
  },
} as const
