import { z } from 'zod'
import { globProblem } from './glob.ts'

/** A pattern over names, as glob.ts has it. */
export const Pattern = z.string().superRefine((pattern, context) => {
  const problem = globProblem(pattern)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})

/** A name that is compared as it is. */
export const Tag = z
  .string()
  .min(1)
  .max(100)
  .refine((tag) => !/[*?{}]/.test(tag), { error: 'it is compared exactly, so a wildcard in it never fits' })

/** The name of a rule or an access policy. */
export const RuleId = z.string().regex(/^[a-z0-9][a-z0-9._:/-]{0,99}$/i)

/** Text for people. */
export const Description = z.string().max(1000)

/** A list of at least one; a single value stands for a list of one. */
export function oneOrMore<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item).min(1).max(1000))
}

/** A list, also an empty one; a single value stands for a list of one. */
export function anyOf<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item).max(1000))
}
