import { z } from 'zod'
import {
  CallSketch,
  NarrowedPolicy,
  PolicyBundle,
  PolicyDiff,
  PolicyExplanation,
  PolicyFileName,
  PolicyPast,
  PolicyReplay,
  PolicySource,
  PolicySuggestion,
  PolicyTestReport,
} from './policy-tools.ts'
import { PolicyFileView, PolicyView } from './policy-view.ts'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Reason = z.string().trim().min(1).max(500)
const Days = z.number().min(0.01).max(400)
const doors = ['terminal', 'app', 'approval'] as const

/**
 * The rows of `shared/calls.ts` about policy. Only what loosens it needs a person: the last two rows write to the folder, which
 * other programs can too, so what they loosen waits for `policy.confirm`.
 */
export const policyCalls = {
  'policy.show': { doors, presence: false, input: z.strictObject({}), output: PolicyView },
  /** The rule files as they lie in their folders now. */
  'policy.files': { doors, presence: false, input: z.strictObject({}), output: z.array(PolicyFileView) },
  /** Puts a loosening change into force; `hash` is the one that `policy.show` showed as waiting. */
  'policy.confirm': {
    doors: ['terminal', 'approval'],
    presence: true,
    input: z.strictObject({ hash: z.string() }),
    output: PolicyView,
  },
  /** Why a policy decides a recorded or a described call as it does, rule by rule. */
  'policy.explain': {
    ...{ doors, presence: false },
    input: z.strictObject({
      call: z.union([z.strictObject({ call_id: z.string() }), z.strictObject({ sketch: CallSketch })]),
      policy: PolicySource,
    }),
    output: PolicyExplanation,
  },
  'policy.diff': {
    ...{ doors, presence: false },
    input: z.strictObject({ from: PolicySource, to: PolicySource }),
    output: PolicyDiff,
  },
  /** Decides recorded calls again, under another policy. `list`: changes to name at most. */
  'policy.replay': {
    ...{ doors, presence: false },
    input: z.strictObject({
      policy: PolicySource,
      since_days: Days,
      limit: z.int().min(1).max(200_000),
      list: z.int().min(0).max(1_000),
    }),
    output: PolicyReplay,
  },
  /** Rules that allow what ran and no more; of one server or of all. */
  'policy.suggest': {
    ...{ doors, presence: false },
    input: z.strictObject({ since_days: Days, server: z.string().nullable() }),
    output: PolicySuggestion,
  },
  /** The policy with its rules asking no longer about what a suggestion of `approvals.suggestions` names; nothing is saved. */
  'policy.narrow': {
    ...{ doors, presence: false },
    input: z.strictObject({
      ...{ client: z.string(), server: z.string(), tool: z.string(), policy: PolicySource },
      tenant: z.string().optional(),
    }),
    output: NarrowedPolicy,
  },
  /** Runs the tests that lie beside the rule files. */
  'policy.test': {
    ...{ doors, presence: false },
    input: z.strictObject({ policy: PolicySource }),
    output: PolicyTestReport,
  },
  /** The policies that came into force, newest first. */
  'policy.history': {
    ...{ doors, presence: false },
    input: z.strictObject({ limit: z.int().min(1).max(1_000) }),
    output: z.array(PolicyPast),
  },
  'policy.export': {
    ...{ doors, presence: false },
    input: z.strictObject({ policy: PolicySource }),
    output: PolicyBundle,
  },
  /**
   * Writes a file of the policy folder, or with null removes it, when the folder would then load. `expected_hash`: SHA-256 of
   * the text that the file had when it was read; null when there was no such file.
   */
  'policy.save': {
    ...{ doors, presence: false },
    input: z.strictObject({
      file: PolicyFileName,
      text: z
        .string()
        .max(1024 * 1024)
        .nullable(),
      reason: Reason,
      expected_hash: Hash.nullable(),
    }),
    output: PolicyView,
  },
  /** Puts the local files of a policy that was once in force back into the folder. */
  'policy.rollback': {
    ...{ doors, presence: false },
    input: z.strictObject({ hash: Hash, reason: Reason }),
    output: PolicyView,
  },
} as const
