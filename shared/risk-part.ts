import { z } from 'zod'
import { type RiskFactorName, riskFactorNames } from './risk-factors.ts'

const Points = z.int().min(0).max(100)

/** What a rule file may say about risk: other points, 0–100, for some factors. */
export const RiskPart = z.strictObject({
  points: z.strictObject(
    Object.fromEntries(riskFactorNames.map((name) => [name, Points.optional()])) as {
      [Name in RiskFactorName]: z.ZodOptional<typeof Points>
    },
  ),
})
export type RiskPart = z.output<typeof RiskPart>
