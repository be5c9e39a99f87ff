import { z } from 'zod'

/** The settings in force, where they come from, and what is wrong with the file. */
export const SettingsView = z.strictObject({
  file: z.string(),
  /** Why the file as it is now cannot be used; what was in force before stays. */
  problem: z.string().nullable(),
  settings: z.array(
    z.strictObject({
      name: z.string(),
      value: z.union([z.number(), z.string()]),
      usual: z.union([z.number(), z.string()]),
      /** What the file says, where that waits until the gateway starts again; else null. */
      waiting: z.union([z.number(), z.string()]).nullable(),
    }),
  ),
})
export type SettingsView = z.infer<typeof SettingsView>
