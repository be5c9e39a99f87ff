import { z } from 'zod'

const nothing = z.strictObject({})
const anyDoor = ['terminal', 'app', 'approval'] as const
const atApprovalPage = { doors: ['approval'], presence: true } as const

/** A name that tells people apart; who it may be is checked where it is given. */
const Name = z.string().trim().min(1).max(60)
const Groups = z.array(z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/)).max(20)

/** That somebody is away, until when, and who answers for them meanwhile; null: nobody. */
const AwayView = z.strictObject({
  until: z.string(),
  delegate: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
})

/** Somebody who may answer at this machine. */
export const PersonView = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Role groups; of the owner also those that policy gives the user of this machine. */
  groups: z.array(z.string()),
  /** Those of them that were given at this machine, which an admin may change. */
  own_groups: z.array(z.string()),
  /** May do all that needs a person; who is not may answer requests. */
  admin: z.boolean(),
  /** The user whom this gateway runs as, who cannot be removed. */
  owner: z.boolean(),
  away: AwayView.nullable(),
})
export type PersonView = z.infer<typeof PersonView>

/** Who unlocked a page or proved presence at a terminal. */
export const WhoView = z.strictObject({
  id: z.string(),
  name: z.string(),
  admin: z.boolean(),
  /** They look, and answer nothing. */
  auditor: z.boolean(),
})
export type WhoView = z.infer<typeof WhoView>

/** What a request that takes more than anybody's one answer needs, and the answers that it has. */
export const NeededPeople = z.strictObject({
  needed: z.int(),
  groups: z.array(z.string()).nullable(),
  /** False: whoever's client asks may not be one of them. */
  own: z.boolean(),
  given: z.array(z.strictObject({ by: z.string(), stands_for: z.string().nullable(), at: z.string() })),
})
export type NeededPeople = z.infer<typeof NeededPeople>

const again = { pin: z.string().optional() }

/** The rows of `shared/calls.ts` about the people of a machine. `pin`: of who asks, once more, where the platform has no proof. */
export const peopleCalls = {
  'people.list': { doors: anyDoor, presence: false, input: nothing, output: z.array(PersonView) },
  /** `new_pin` is typed by who is added. */
  'people.add': {
    ...atApprovalPage,
    input: z.strictObject({ name: Name, groups: Groups, admin: z.boolean(), new_pin: z.string(), ...again }),
    output: PersonView,
  },
  'people.change': {
    ...atApprovalPage,
    input: z.strictObject({ id: z.string(), groups: Groups, admin: z.boolean(), ...again }),
    output: PersonView,
  },
  'people.remove': { ...atApprovalPage, input: z.strictObject({ id: z.string(), ...again }), output: nothing },
  /** Whoever asks is away, and `delegate` answers in their place until then. */
  'people.away': {
    ...atApprovalPage,
    input: z.strictObject({ until: z.iso.datetime(), delegate: z.string().nullable() }),
    output: PersonView,
  },
  /** Whoever asks is back: nobody answers for them any more. */
  'people.back': { doors: ['terminal', 'approval'], presence: true, input: nothing, output: PersonView },
} as const

/** Calls that need a person, but no admin: all that a person does as one of several who answer. */
export const callsOfEverybody: readonly string[] = [
  ...['approvals.show', 'approvals.answer', 'people.away', 'people.back'],
]

/** Those of them that an auditor may make: they only look. */
export const callsOfAuditors: readonly string[] = ['approvals.show']
