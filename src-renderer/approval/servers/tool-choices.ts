import { actions, classifications } from '../../../shared/envelope.ts'
import type { ToolFinding, ToolReview } from '../../../shared/server.ts'

/** What a person decided about one tool, where it is not what was proposed. */
export type ToolChoice = { included?: boolean } & Partial<Omit<ToolReview, 'name' | 'fingerprint'>>
/** By the name of the tool. */
export type ToolChoices = Readonly<Record<string, ToolChoice>>

/** Whether a tool will be approved; one that the server no longer offers cannot be. */
export function isIncluded({ status, tool }: ToolFinding, choices: ToolChoices): boolean {
  return status !== 'removed' && (choiceOf(choices, tool.name).included ?? true)
}

/** What a tool will be pinned as. A graver action raises the tier, and one that is not read is not repeated by itself. */
export function chosenReview({ tool }: ToolFinding, choices: ToolChoices): ToolReview {
  const { included, ...choice } = choiceOf(choices, tool.name)
  const action = choice.action ?? tool.action
  const repeatable = tool.repeatable && action === tool.action
  return { ...tool, repeatable, tier: action === tool.action ? tool.tier : tiers[action], ...choice }
}

const tiers = { read: 1, write: 2, destructive: 3 } as const

/** All that an approval pins, in the order of the review. */
export function chosenReviews(findings: readonly ToolFinding[], choices: ToolChoices): ToolReview[] {
  return findings.filter((finding) => isIncluded(finding, choices)).map((finding) => chosenReview(finding, choices))
}

/** Whether a person calls a tool less grave than was proposed: what it does, what it shows, or who must approve it. */
export function isLooser({ tool, ...finding }: ToolFinding, choices: ToolChoices): boolean {
  const { action, classification, tier } = chosenReview({ tool, ...finding }, choices)
  return (
    actions.indexOf(action) < actions.indexOf(tool.action) ||
    classifications.indexOf(classification) < classifications.indexOf(tool.classification) ||
    tier < tool.tier
  )
}

/** The choices after one more. */
export function withChoice(choices: ToolChoices, name: string, choice: ToolChoice): ToolChoices {
  return { ...choices, [name]: { ...choiceOf(choices, name), ...choice } }
}

/** A tool may have any name, also one that every object has a member of. */
function choiceOf(choices: ToolChoices, name: string): ToolChoice {
  return Object.hasOwn(choices, name) ? (choices[name] ?? {}) : {}
}
