import type { z } from 'zod'
import { AccessFile, accessFileShape } from './access-file.ts'
import type { ToolSchemas } from './argument-types.ts'
import type { Language } from './condition-language.ts'
import { emptyContent, type FileContent, type Home } from './file-content.ts'
import { lowerAccess } from './lower-access.ts'
import { lowerPattern, lowerPatterns } from './lower-pattern.ts'
import { lowerRule } from './lower-rule.ts'
import { lowerTool } from './lower-tool.ts'
import { PatternPolicies, PatternPolicy, patternFileShape } from './pattern-file.ts'
import { RuleFile, ruleFileShape } from './rule-file.ts'
import type { Shape } from './shape.ts'
import { ToolFile, toolFileShape } from './tool-file.ts'
import type { DataPath } from './yaml-source.ts'

/** What lowering needs to know besides what the file says. */
export type Context = { homeOf: (path: DataPath) => Home; language: Language; schemas: ToolSchemas | null }

/** One way in: how its files are told apart, what they may say, and what that means in the internal form. */
type Format<T> = {
  shape: Shape
  schema: z.ZodType<T>
  lower: (file: T, context: Context) => FileContent
}

/** What a file says, or what is wrong with its shape. */
export type ReadFile = { content: FileContent } | { issues: readonly z.core.$ZodIssue[]; shape: Shape }

/** Reads one file in the format that its keys say it is in; with none of them it is a rule file. */
export function readFile(value: unknown, context: Context): ReadFile {
  if (isPattern(value)) return read(value, patternPolicy, context)
  if (Array.isArray(value) && value.some(isPattern)) return read(value, patternPolicies, context)
  if (has(value, 'tool') && !has(value, 'rules')) return read(value, toolFile, context)
  const access = ['access_policies', 'bindings', 'user_roles'].some((key) => has(value, key))
  return access && !has(value, 'rules') ? read(value, accessFile, context) : read(value, ruleFile, context)
}

function read<T>(value: unknown, { shape, schema, lower }: Format<T>, context: Context): ReadFile {
  const parsed = schema.safeParse(value)
  return parsed.success ? { content: lower(parsed.data, context) } : { issues: parsed.error.issues, shape }
}

function isPattern(value: unknown): boolean {
  const keys = ['policy_name', 'server_patterns', 'namespace_patterns', 'verb_patterns', 'resource_patterns']
  return keys.some((key) => has(value, key))
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
}

const ruleFile: Format<RuleFile> = {
  shape: ruleFileShape,
  schema: RuleFile,
  lower(file, { homeOf, language, schemas }) {
    const { default: otherwise, risk, observe, approvals } = file
    const content = { ...emptyContent(), default: otherwise, risk, observe, approvals }
    file.rules.forEach((part, index) => {
      const path = ['rules', index]
      const { rule, complaints, warnings } = lowerRule(part, homeOf(path), language, schemas)
      content.ids.push({ of: 'rule', id: part.id, path: [...path, 'id'] })
      if (rule) content.rules.push(rule)
      content.complaints.push(...complaints)
      content.warnings.push(...warnings)
    })
    return content
  },
}

const toolFile: Format<ToolFile> = {
  shape: toolFileShape,
  schema: ToolFile,
  lower: (file, { homeOf }) => lowerTool(file, homeOf([])),
}

const patternPolicy: Format<PatternPolicy> = {
  shape: patternFileShape,
  schema: PatternPolicy,
  lower: (policy, { homeOf }) => lowerPattern(policy, homeOf([]), emptyContent()),
}

const patternPolicies: Format<PatternPolicy[]> = {
  shape: patternFileShape,
  schema: PatternPolicies,
  lower: (policies, { homeOf }) => lowerPatterns(policies, homeOf),
}

const accessFile: Format<AccessFile> = {
  shape: accessFileShape,
  schema: AccessFile,
  lower: (file, { homeOf }) => lowerAccess(file, homeOf),
}
