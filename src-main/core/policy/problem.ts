import type { PolicyProblem } from '../../../shared/policy-view.ts'

/** What is wrong, before it is known where: a sentence, what was expected, and what to do. */
export type Complaint = Pick<PolicyProblem, 'message' | 'expected' | 'suggestion'>

/** A complaint at an offset into the text of one file. */
export type Finding = Complaint & { offset: number }
