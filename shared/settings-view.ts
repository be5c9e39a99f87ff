import { z } from 'zod'

const value = z.union([z.number(), z.string()]).nullable()

/** The settings in force, where they come from, and what is wrong with the file. */
export const SettingsView = z.strictObject({
  file: z.string(),
  /** Why the file as it is now cannot be used; what was in force before stays. */
  problem: z.string().nullable(),
  settings: z.array(
    z.strictObject({
      name: z.string(),
      value,
      usual: value,
      /** What the file says; `waits`: that is something else, and waits until the gateway starts again. */
      asked: value,
      waits: z.boolean(),
    }),
  ),
})
export type SettingsView = z.infer<typeof SettingsView>
