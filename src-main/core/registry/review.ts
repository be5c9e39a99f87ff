import { createHash } from 'node:crypto'
import { ToolgateError } from '../../../shared/errors.ts'
import type { ToolFinding, ToolReview } from '../../../shared/server.ts'
import { canonicalJson } from '../audit/canonical.ts'
import { injectionSigns } from '../safety/injection.ts'
import { proposeAction } from './classify.ts'
import { annotationsOf, fingerprint, type ToolDefinition, textField } from './definition.ts'
import { definitionChanges } from './diff.ts'
import type { PinnedTool, Server } from './registry.ts'

/** What a review run found: every tool as the server defines it now. */
export type Inspection = { generation: 'legacy' | 'modern'; tools: ToolDefinition[]; instructions: string }

function propose(
  definition: ToolDefinition,
  before: PinnedTool | undefined,
): { review: ToolReview; warnings: string[] } {
  const { action, warnings } = proposeAction(definition)
  const kept = before?.review
  const review: ToolReview = {
    name: definition.name,
    fingerprint: fingerprint(definition),
    action,
    classification: kept?.classification ?? 'internal',
    tier: action === 'destructive' ? 3 : action === 'write' ? 2 : 1,
    tags: kept?.tags ?? [],
    // Only what is read can be repeated without a person saying so.
    repeatable: action === 'read' && annotationsOf(definition).readOnlyHint === true,
    purpose: kept?.purpose ?? '',
    owner: kept?.owner ?? '',
    module: kept?.module ?? '',
    sql_argument: kept?.sql_argument ?? null,
  }
  const signs = injectionSigns(
    `${textField(definition, 'title')}\n${textField(definition, 'description')}\n${JSON.stringify(definition.inputSchema ?? {})}`,
  )
  return { review, warnings: [...warnings, ...signs] }
}

/** What a person is shown before approving: each tool, how it stands to its pin, what changed, and what looks wrong. */
export function findingsOf(server: Server, inspection: Inspection): ToolFinding[] {
  const current = inspection.tools.map((definition): ToolFinding => {
    const before = server.tools.get(definition.name)
    const { review, warnings } = propose(definition, before)
    const unchanged = before?.review.fingerprint === review.fingerprint
    return {
      tool: unchanged && before ? before.review : review,
      status: !before ? 'new' : unchanged ? 'unchanged' : 'changed',
      title: textField(definition, 'title'),
      description: textField(definition, 'description'),
      changes: before && !unchanged ? definitionChanges(before.definition, definition).map(({ text }) => text) : [],
      warnings,
    }
  })
  const names = new Set(inspection.tools.map(({ name }) => name))
  const removed = [...server.tools.values()].filter(({ review }) => !names.has(review.name))
  return [
    ...current,
    ...removed.map(
      ({ review, definition }): ToolFinding => ({
        ...{
          tool: review,
          status: 'removed',
          title: textField(definition, 'title'),
          description: textField(definition, 'description'),
        },
        ...{ changes: ['the server no longer offers this tool'], warnings: [] },
      }),
    ),
  ]
}

/** Ties an approval to exactly what a review showed. */
export function reviewHash(server: Server, inspection: Inspection): string {
  const shown = {
    launch: server.launch,
    trust_level: server.trust_level,
    environment: server.environment,
    risk_tags: server.risk_tags,
    sql_dialect: server.sql_dialect,
    instructions: inspection.instructions,
    generation: inspection.generation,
    tools: inspection.tools.map((tool) => [tool.name, fingerprint(tool)]),
  }
  return createHash('sha256').update(canonicalJson(shown)).digest('hex')
}

/**
 * The pins that an approval sets: each chosen review must name a tool of the inspection with its fingerprint. Tools that are
 * not chosen stay unreviewed. Throws TOOL_CHANGED or TOOL_UNKNOWN.
 */
export function pinsOf(inspection: Inspection, chosen: readonly ToolReview[]): PinnedTool[] {
  return chosen.map((review) => {
    const definition = inspection.tools.find(({ name }) => name === review.name)
    if (!definition) throw new ToolgateError('TOOL_UNKNOWN', `\`${review.name}\``)
    if (fingerprint(definition) !== review.fingerprint) throw new ToolgateError('TOOL_CHANGED', `\`${review.name}\``)
    return { review, definition }
  })
}
