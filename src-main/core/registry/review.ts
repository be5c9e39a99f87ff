import { createHash } from 'node:crypto'
import { ToolgateError } from '../../../shared/errors.ts'
import type { ToolFinding, ToolReview } from '../../../shared/server.ts'
import { canonicalJson } from '../audit/canonical.ts'
import { sqlArgumentOf } from '../constraints/sql/sql-in.ts'
import { injectionSigns } from '../safety/injection.ts'
import { proposeAction } from './classify.ts'
import { annotationsOf, fingerprint, sameBesideName, type ToolDefinition, textField, textsIn } from './definition.ts'
import { definitionChanges } from './diff.ts'
import type { Identity } from './identity/identity.ts'
import { createNameSigns, namesOf } from './name-signs.ts'
import type { PinnedTool, Server } from './server-record.ts'

/** What a review run found: every tool as the server defines it now. */
export type Inspection = { generation: 'legacy' | 'modern'; tools: ToolDefinition[]; instructions: string }

/** The same with what the server consisted of when it ran. */
export type Inspected = Inspection & { identity: Identity }

/** What is riskier takes a higher level to approve. */
const tiers = { read: 1, write: 2, destructive: 3 } as const

/** The tier that a review would propose for a tool, which is the level that its approval takes. */
export function proposedTier(definition: ToolDefinition): number {
  return tiers[proposeAction(definition).action]
}

/** What is proposed to whoever reviews a tool, and what speaks against it; `before` is what was decided about it, or it under another name. */
export function propose(
  definition: ToolDefinition,
  before: PinnedTool | undefined,
  { sql_dialect }: Pick<Server, 'sql_dialect'>,
): { review: ToolReview; warnings: string[] } {
  const { action, warnings } = proposeAction(definition)
  const kept = before?.review
  const review: ToolReview = {
    name: definition.name,
    fingerprint: fingerprint(definition),
    action,
    classification: kept?.classification ?? 'internal',
    tier: tiers[action],
    tags: kept?.tags ?? [],
    // Only what is read can be repeated without a person saying so.
    repeatable: action === 'read' && annotationsOf(definition).readOnlyHint === true,
    purpose: kept?.purpose ?? '',
    owner: kept?.owner ?? '',
    module: kept?.module ?? '',
    // Unless a server is known to speak SQL, what is called `query` may be anything.
    sql_argument: kept?.sql_argument ?? (sql_dialect === null ? null : sqlArgumentOf(definition.inputSchema)),
  }
  const signs = injectionSigns(
    `${textField(definition, 'title')}\n${textField(definition, 'description')}\n${textsIn(definition.inputSchema)}`,
  )
  return { review, warnings: [...warnings, ...signs] }
}

/** What a person is shown before approving: each tool, how it stands to its pin, what changed, and what looks wrong. */
export function findingsOf(server: Server, inspection: Inspection, all: Iterable<Server>): ToolFinding[] {
  const names = new Set(inspection.tools.map(({ name }) => name))
  const removed = [...server.tools.values()].filter(({ review }) => !names.has(review.name))
  const offered = [...names].map((tool) => ({ server: server.name, tool }))
  const signsOf = createNameSigns([...namesOf(all), ...offered])
  const current = inspection.tools.map((definition): ToolFinding => {
    const before = server.tools.get(definition.name)
    const renamed = before ? undefined : removed.find((tool) => sameBesideName(tool.definition, definition))
    const { review, warnings } = propose(definition, before ?? renamed, server)
    const unchanged = before?.review.fingerprint === review.fingerprint
    return {
      tool: unchanged && before ? before.review : review,
      status: !before ? 'new' : unchanged ? 'unchanged' : 'changed',
      title: textField(definition, 'title'),
      description: textField(definition, 'description'),
      changes: [
        ...(renamed ? [`looks like renamed \`${renamed.review.name}\`: all but its name is the same`] : []),
        ...(before && !unchanged ? definitionChanges(before.definition, definition).map(({ text }) => text) : []),
      ],
      warnings: [...signsOf({ server: server.name, tool: definition.name }), ...warnings],
      level: unchanged && before ? before.review.tier : review.tier,
    }
  })
  return [...current, ...removed.map(removedFinding)]
}

function removedFinding({ review, definition }: PinnedTool): ToolFinding {
  return {
    tool: review,
    status: 'removed',
    title: textField(definition, 'title'),
    description: textField(definition, 'description'),
    changes: ['the server no longer offers this tool'],
    warnings: [],
    level: review.tier,
  }
}

/** Ties an approval to exactly what a review showed. */
export function reviewHash(server: Server, { generation, instructions, tools, identity }: Inspected): string {
  const shown = {
    launch: server.launch,
    trust_level: server.trust_level,
    environment: server.environment,
    risk_tags: server.risk_tags,
    sql_dialect: server.sql_dialect,
    ...{ instructions, generation },
    files: identity.files.map(({ path, sha256 }) => [path, sha256]),
    package: identity.package,
    tools: tools.map((tool) => [tool.name, fingerprint(tool)]),
  }
  return createHash('sha256').update(canonicalJson(shown)).digest('hex')
}

/**
 * The definitions that an approval pins: each chosen review must name a tool of the inspection with its fingerprint. Tools that are
 * not chosen stay unreviewed. Throws TOOL_CHANGED or TOOL_UNKNOWN.
 */
export function pinsOf(inspection: Inspection, chosen: readonly ToolReview[]): Omit<PinnedTool, 'approval'>[] {
  return chosen.map((review) => {
    const definition = inspection.tools.find(({ name }) => name === review.name)
    if (!definition) throw new ToolgateError('TOOL_UNKNOWN', `\`${review.name}\``)
    if (fingerprint(definition) !== review.fingerprint) throw new ToolgateError('TOOL_CHANGED', `\`${review.name}\``)
    return { review, definition }
  })
}
