import { z } from 'zod'
import { Constraints } from '../../../../shared/constraints.ts'
import { effects } from '../../../../shared/decision.ts'
import { CallSketch } from '../../../../shared/policy-tools.ts'

/** Whether a file of the policy folder holds tests instead of rules: `*.test.yaml`, `*.test.yml`. */
export function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/i.test(path)
}

/** What a policy must say of a call; only what is given is compared. */
const Expectation = z.strictObject({
  effect: z.enum(effects),
  level: z.int().min(1).max(5).optional(),
  /** The reason code of a denial, such as `NO_RULE`. */
  code: z.string().max(100).optional(),
  /** The rules that decide, in any order. */
  rules: z.array(z.string()).max(100).optional(),
  /** All bounds that the call runs under. */
  constraints: Constraints.optional(),
})
export type Expectation = z.output<typeof Expectation>

const PolicyTest = z.strictObject({
  name: z.string().min(1).max(200),
  envelope: CallSketch,
  expect: Expectation,
})
export type PolicyTest = z.output<typeof PolicyTest>

/** A table of calls and what a policy must say of them. */
export const TestFile = z.strictObject({
  version: z.literal('v1'),
  description: z.string().max(1000).optional(),
  tests: z.array(PolicyTest).min(1).max(1000),
})
