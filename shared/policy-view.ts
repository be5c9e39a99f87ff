import { z } from 'zod'

/** A problem in a policy file, at a place a person can go to; line and column count from 1. */
export const PolicyProblem = z.strictObject({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  expected: z.string(),
  suggestion: z.string(),
})
export type PolicyProblem = z.infer<typeof PolicyProblem>

/** One rule as listed to people. */
export const RuleView = z.strictObject({
  id: z.string(),
  effect: z.string(),
  origin: z.enum(['local', 'org']),
  file: z.string(),
  line: z.int(),
  summary: z.string(),
})
export type RuleView = z.infer<typeof RuleView>

/** One access policy as listed to people: which tools there are at all for those it is bound to. */
export const AccessView = z.strictObject({
  id: z.string(),
  /** `built_in`: always there, and no file can change or remove it. */
  origin: z.enum(['local', 'org', 'built_in']),
  /** Where it stands; empty for a built-in one. */
  file: z.string(),
  line: z.int(),
  /** What it does, in words that follow its name. */
  summary: z.string(),
  archived: z.boolean(),
  /** To whom it is bound, in words: clients by id or name, and role groups of users, with the tenant where it is for one alone. */
  clients: z.array(z.string()),
  roles: z.array(z.string()),
})
export type AccessView = z.infer<typeof AccessView>

/** The policy in force, what is wrong with the files, and what waits for a person. */
export const PolicyView = z.strictObject({
  /** Hash of the snapshot in force; null when none is, and then nothing is allowed. */
  snapshot: z.string().nullable(),
  since: z.string().nullable(),
  rules: z.array(RuleView),
  /** Access policies, those of files first. */
  access: z.array(AccessView),
  problems: z.array(PolicyProblem),
  /** A change on disk that loosens policy and waits for a person. */
  waiting: z.strictObject({ hash: z.string(), changes: z.array(z.string()) }).nullable(),
})
export type PolicyView = z.infer<typeof PolicyView>

/** One rule file as it lies in its folder now, whether in force or not. */
export const PolicyFileView = z.strictObject({
  path: z.string(),
  origin: z.enum(['local', 'org']),
  text: z.string(),
  /** SHA-256 of the text, in hex. */
  hash: z.string(),
})
export type PolicyFileView = z.infer<typeof PolicyFileView>
