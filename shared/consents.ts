import { z } from 'zod'
import { Tenant } from './credential.ts'
import { actions, classifications } from './envelope.ts'

/** What a person may answer: yes until the app's access runs out within the hour, yes until it is revoked, no. */
export const consentAnswers = ['once', 'always', 'deny'] as const
export type ConsentAnswer = (typeof consentAnswers)[number]

/** What a person should know before they say yes. */
export const consentWarnings = [
  'says_so_itself',
  'local_redirect',
  'private_scheme',
  'no_policy',
  'never_seen',
] as const
export type ConsentWarning = (typeof consentWarnings)[number]

/** An app that waits to be let in. `public_origin`: the one by which it came over the network; null for one that asks from this machine. */
export const ConsentSummary = z.strictObject({
  id: z.string(),
  app: z.string(),
  asked_at: z.string(),
  public_origin: z.string().nullable(),
})
export type ConsentSummary = z.infer<typeof ConsentSummary>

/** The same with all that a person decides by. Its names and addresses come from the app. */
export const ConsentView = ConsentSummary.extend({
  client: z.string(),
  /** What the browser that waits shows too, where it is not of this machine; else null. */
  code: z.string().nullable(),
  /** The host of the published document that names it; null for one that registered itself and can say anything. */
  document_host: z.string().nullable(),
  website: z.string().nullable(),
  purpose: z.string().nullable(),
  redirect: z.strictObject({ uri: z.string(), host: z.string(), kind: z.enum(['loopback', 'web', 'private']) }),
  /** The server that it asks for; null for all of them. */
  server: z.string().nullable(),
  /** Rights beyond coming in, that tools need. */
  scopes: z.array(z.string()),
  /** For whom it would work: all that it is given counts for this tenant alone. Null: for nobody in particular. */
  tenant: z.string().nullable(),
  /** For whom else a person may let it work; none where it asks for one itself. */
  tenants: z.array(z.string()),
  /** Access policies that are bound to it while it works for that tenant. */
  policies: z.array(z.string()),
  /** The highest classification that they let it reach; null when none is bound. */
  ceiling: z.enum(classifications).nullable(),
  /** Tools that policy may let it call, by server and what they do. */
  tools: z.array(z.strictObject({ server: z.string(), action: z.enum(actions), count: z.int() })),
  tools_in_all: z.int(),
  warnings: z.array(z.enum(consentWarnings)),
  expires_at: z.string(),
  shown_hash: z.string(),
})
export type ConsentView = z.infer<typeof ConsentView>

/** A yes that an app was given, and whether something of it is still good. */
export const GivenConsent = z.strictObject({
  at: z.string(),
  /** Until it is revoked; else for an hour. */
  lasting: z.boolean(),
  purpose: z.string().nullable(),
  /** The server that it is for; null for all of them. */
  server: z.string().nullable(),
  scopes: z.array(z.string()),
  redirect: z.string(),
  /** It has a token by which it can come in, or get one; false: it is spent, or over. */
  active: z.boolean(),
})
export type GivenConsent = z.infer<typeof GivenConsent>

/** All that an app was given for one tenant, which can be ended by itself. */
export const GivenAccess = z.strictObject({
  /** Null: for nobody in particular. */
  tenant: z.string().nullable(),
  /** When it last came in by it; null when it has not yet. */
  last_used: z.string().nullable(),
  /** The newest first. */
  consents: z.array(GivenConsent).min(1),
})
export type GivenAccess = z.infer<typeof GivenAccess>

/** What an app is registered with: where its answers may go, and what it comes for, empty when it does not say. */
export const AppRegistration = z.strictObject({
  redirect_uris: z.array(z.string().max(1_000)).min(1).max(10),
  purpose: z.string().max(300),
})
export type AppRegistration = z.infer<typeof AppRegistration>

const client = z.string().max(1_000)
const one = z.strictObject({ id: z.string().max(80) })
/** For whom the person lets it work where it did not ask for one itself; absent, as null: for whom it asks. */
const forTenant = { tenant: Tenant.nullable().optional() }

/** The rows of `shared/calls.ts` about apps that ask to be let in: the approval page answers, and a person at a terminal. */
export const consentCalls = {
  'consents.list': {
    ...{ doors: ['terminal', 'app', 'approval'] as const, presence: false, input: z.strictObject({}) },
    output: z.array(ConsentSummary),
  },
  /** What a client was given for each tenant, the newest first; nothing for one that no person let in. */
  'consents.given': {
    ...{ doors: ['app', 'approval'] as const, presence: false },
    input: z.strictObject({ client }),
    output: z.array(GivenAccess),
  },
  /** Null for an app that did not register here, as one that a document of its own names. */
  'consents.registration': {
    ...{ doors: ['app', 'approval'] as const, presence: false },
    input: z.strictObject({ client }),
    output: AppRegistration.nullable(),
  },
  'consents.register': {
    ...{ doors: ['approval'] as const, presence: true },
    input: AppRegistration.extend({ client }),
    output: AppRegistration,
  },
  /** What a terminal shows, and asks about in one go: it needs no ticket. */
  'consents.view': {
    ...{ doors: ['terminal'] as const, presence: false, input: one.extend(forTenant) },
    output: ConsentView,
  },
  /** Says that a request is shown in full on the approval page; an answer from there must carry the ticket that this gives. */
  'consents.show': {
    ...{ doors: ['approval'] as const, presence: true, input: one.extend(forTenant) },
    output: z.strictObject({ view: ConsentView, ticket: z.string(), armed_in_ms: z.int() }),
  },
  'consents.answer': {
    ...{ doors: ['terminal', 'approval'] as const, presence: true },
    input: one.extend({
      answer: z.enum(consentAnswers),
      shown_hash: z.string(),
      /** From the approval page: the ticket of `consents.show`, used once. */
      ticket: z.string().max(80).optional(),
      ...forTenant,
    }),
    output: z.strictObject({}),
  },
} as const
