import { z } from 'zod'

type Usual = { on: boolean; count: number; minutes: number; halts: 'own' | 'all' }

/**
 * Gates that stop something by themselves, by their name in the setting `gates`: what they count, whose (`of`), and how they are unless
 * the settings say otherwise. A false trip stops people's work, so only what no ordinary work does is on.
 */
export const gates = {
  protected_paths: {
    ...{ of: 'client', words: 'calls of one client that name protected files' },
    usual: { on: true, count: 5, minutes: 10, halts: 'own' },
  },
  denials: {
    ...{ of: 'client', words: 'denied calls of one client' },
    usual: { on: false, count: 50, minutes: 10, halts: 'own' },
  },
  secrets: {
    ...{ of: 'client', words: 'calls of one client with a secret in their arguments' },
    usual: { on: false, count: 10, minutes: 10, halts: 'own' },
  },
  definitions: {
    ...{ of: 'server', words: 'times that one server changed what was reviewed' },
    usual: { on: true, count: 3, minutes: 1440, halts: 'own' },
  },
  record: {
    ...{ of: null, words: 'times that the record was found damaged' },
    usual: { on: false, count: 1, minutes: 60, halts: 'all' },
  },
} as const satisfies Record<string, { of: 'client' | 'server' | null; words: string; usual: Usual }>

/** Name of a gate. */
export type GateName = keyof typeof gates

function gate({ on, count, minutes, halts }: Usual) {
  return z
    .strictObject({
      on: z.boolean().default(on),
      /** It trips at so many within so many minutes. */
      count: z.int().min(1).max(1000).default(count),
      minutes: z.int().min(1).max(1440).default(minutes),
      /** What it stops: the client or server that it counted, or everything. */
      halts: z.enum(['own', 'all']).default(halts),
    })
    .prefault({})
}

/** The setting `gates`. */
export const GateSettings = z
  .strictObject({
    protected_paths: gate(gates.protected_paths.usual),
    denials: gate(gates.denials.usual),
    secrets: gate(gates.secrets.usual),
    definitions: gate(gates.definitions.usual),
    record: gate(gates.record.usual),
  })
  .prefault({})
export type GateSettings = z.infer<typeof GateSettings>
