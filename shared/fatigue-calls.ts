import { z } from 'zod'
import { NoiseView, QuietView } from './fatigue.ts'
import { QuietHours } from './working-hours.ts'

const anyDoor = ['terminal', 'app', 'approval'] as const
const personal = ['terminal', 'approval'] as const
const nothing = z.strictObject({})

/** The rows of `shared/calls.ts` about how much people are asked, and when not. */
export const fatigueCalls = {
  /** How much people were asked in the last `days`, and what came of it. */
  'approvals.noise': {
    ...{ doors: anyDoor, presence: false },
    input: z.strictObject({ days: z.int().min(1).max(30) }),
    output: NoiseView,
  },
  'quiet.show': { doors: anyDoor, presence: false, input: nothing, output: QuietView },
  /** Lets calls ask for `hours` though quiet hours are set: that loosens, so a person is there. 0 ends it. */
  'quiet.off': {
    ...{ doors: personal, presence: true },
    input: z.strictObject({ hours: z.number().min(0).max(24) }),
    output: QuietView,
  },
  /** Sets quiet hours in the settings, or, with null, that there are none: that may loosen, so a person is there. */
  'quiet.set': {
    ...{ doors: personal, presence: true },
    input: z.strictObject({ hours: QuietHours.nullable() }),
    output: nothing,
  },
} as const
