import type { PolicySuggestion } from '../../../shared/policy-tools.ts'
import { decidePartly } from '../policy/decide-partly.ts'
import { inFolder } from '../policy/folder-condition.ts'
import { globProblem } from '../policy/glob.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import { commonFolder } from './common-folder.ts'
import type { Recorded } from './recorded.ts'
import { factsOf, nameOf } from './replay.ts'

/** Calls that a rule is drawn from: those of one server that do the same and were decided alike. */
type Group = {
  server: string
  kind: string
  action: string
  level: number | null
  /** Names of tools; of what is no call of a tool none are kept. */
  tools: Set<string>
  /** The folder that all its paths lie in; null when there is none, or some calls name no path. */
  folder: string | null
  calls: Recorded[]
}

/** A rule as it is suggested, before it is written down. */
type Draft = Group & { id: string }

const mostCallsNamed = 5
const mostTools = 200

/**
 * Rules that let through what was seen, and no more: for each server the tools that were called, by what they do, in the
 * folder that all their calls kept to; what a person was asked about still asks. `compile` checks what is suggested.
 */
export function suggest(
  calls: readonly Recorded[],
  compile: (text: string) => Snapshot,
): Pick<PolicySuggestion, 'rules' | 'text'> {
  const drafts = named(calls.filter(({ envelope }) => isName(envelope.server.name)))
  if (drafts.length === 0) return { rules: [], text: '' }
  const text = fileOf(drafts)
  const snapshot = compile(text)
  const matched = new Map<string, Recorded[]>(drafts.map(({ id }) => [id, []]))
  for (const call of calls) {
    const { decision } = decidePartly(call.envelope, call.missing, snapshot, factsOf(call, everything, nobody))
    for (const id of decision?.matched ?? []) matched.get(id)?.push(call)
  }
  const rules = snapshot.rules.map(({ id }) => {
    const found = matched.get(id) ?? []
    const draft = drafts.find((each) => each.id === id) as Draft
    return { id, summary: summaryOf(draft), matches: found.length, calls: found.slice(0, mostCallsNamed).map(nameOf) }
  })
  return { rules, text }
}

/** What is suggested sets no bounds of its own. */
const everything = () => new Set<never>()
/** Rules are tried by themselves, whatever a client may use at all. */
const nobody = () => false

function named(calls: readonly Recorded[]): Draft[] {
  const used = new Set<string>()
  return groupsOf(calls).map((group) => {
    const words = [
      group.server,
      group.kind === 'tool' ? group.action : group.kind,
      group.level === null ? 'allow' : 'ask',
    ]
    const base = words
      .join('-')
      .replace(/[^a-z0-9._-]+/gi, '-')
      .slice(0, 80)
    let id = `seen-${base}`
    for (let n = 2; used.has(id); n++) id = `seen-${base}-${n}`
    used.add(id)
    return { ...group, id }
  })
}

function groupsOf(calls: readonly Recorded[]): Group[] {
  const usable = calls.filter(({ envelope: { tool } }) => tool.name === '' || isName(tool.name))
  const placed = gather(usable.filter(isPlaced)).map((group) => ({ ...group, folder: folderOf(group) }))
  const together = placed.filter(({ folder }) => folder !== null)
  // Where calls keep to no folder, one rule says the same for them and for those that name no path.
  const apart = placed.filter(({ folder }) => folder === null).flatMap((group) => group.calls)
  const rest = gather([...usable.filter((call) => !isPlaced(call)), ...apart])
  return [...together, ...rest].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

function isPlaced({ missing, envelope }: Recorded): boolean {
  return !missing.has('resources') && envelope.resource.paths.length > 0
}

function folderOf({ calls }: Group): string | null {
  return commonFolder(calls.map(({ envelope }) => envelope.resource.paths))
}

function gather(calls: readonly Recorded[]): Group[] {
  const groups = new Map<string, Group>()
  for (const call of calls) {
    const { server, tool, call: about } = call.envelope
    const level = call.before.effect === 'REQUIRE_APPROVAL' ? (call.before.level ?? 1) : null
    const key = JSON.stringify([server.name, about.kind, tool.action, level])
    const group: Group = groups.get(key) ?? {
      ...{ server: server.name, kind: about.kind, action: tool.action, level, tools: new Set(), calls: [] },
      folder: null,
    }
    if (tool.name !== '' && group.tools.size < mostTools) group.tools.add(tool.name)
    group.calls.push(call)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function sortKey({ server, kind, action, level, folder }: Group): string {
  return JSON.stringify([server, kind, action, level ?? 0, folder ?? ''])
}

/** Whether a name can stand in a rule and mean only itself. */
function isName(name: string): boolean {
  return globProblem(name) === null && !/[*?{}]/.test(name)
}

function summaryOf({ server, tools, kind, action, level, folder }: Group): string {
  const does = level === null ? 'allows' : `asks at level ${level} about`
  const what = tools.size > 0 ? [...tools].sort().join(', ') : `${kind} requests`
  return `${does} ${what} on ${server} (${action})${folder === null ? '' : `, in ${folder}`}`
}

function fileOf(drafts: readonly Draft[]): string {
  return `version: v1
description: drawn from the calls that were seen; look at each rule before you use it
default: deny

rules:
${drafts.map(ruleOf).join('\n')}`
}

function ruleOf({ id, server, tools, kind, action, level, folder, calls }: Draft): string {
  const quoted = (text: string) => JSON.stringify(text)
  const lines = [
    `  # seen in ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}`,
    `  - id: ${id}`,
    '    match:',
    '      labels:',
    `        mcp.server: ${quoted(server)}`,
    `        mcp.kind: ${kind}`,
    `        mcp.action: ${action}`,
  ]
  if (tools.size > 0) lines.push(`        mcp.tool: [${[...tools].sort().map(quoted).join(', ')}]`)
  if (folder !== null) lines.push(`    when: ${quoted(inFolder(folder))}`)
  lines.push(`    decision: ${level === null ? 'ALLOW' : 'REQUIRE_APPROVAL'}`)
  if (level !== null) lines.push(`    level: ${level}`)
  return `${lines.join('\n')}\n`
}
