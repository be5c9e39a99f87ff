import { type Action, actions } from '../../../shared/envelope.ts'
import { annotationsOf, type ToolDefinition } from './definition.ts'

/** Words in tool names by what they do; a name that holds none of them is unknown and counts as destructive. */
const verbs: Record<Action, ReadonlySet<string>> = {
  destructive: new Set(
    'delete remove rm drop destroy kill purge truncate wipe reset revoke erase uninstall terminate shutdown exec execute run eval shell bash sh cmd command terminal spawn invoke transfer pay refund deploy merge force'.split(
      ' ',
    ),
  ),
  write: new Set(
    'write create update edit set put post send move rename add insert upload patch publish commit push save append modify replace copy mkdir make toggle start stop trigger subscribe import fill click type navigate store open close assign upsert'.split(
      ' ',
    ),
  ),
  read: new Set(
    'read get list search find query fetch describe show view head stat stats count tree info lookup check status echo ping sum diff log history export download browse inspect explain validate allowed annotated'.split(
      ' ',
    ),
  ),
}

/** The words of a tool name: `deleteUser`, `delete_user` and `users.delete` all hold `delete`. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}

function byName(name: string): Action | null {
  const words = wordsOf(name)
  return [...actions].reverse().find((action) => words.some((word) => verbs[action].has(word))) ?? null
}

function byAnnotations(tool: ToolDefinition): Action | null {
  const { readOnlyHint, destructiveHint } = annotationsOf(tool)
  if (readOnlyHint === true) return 'read'
  if (destructiveHint === true) return 'destructive'
  return destructiveHint === false || readOnlyHint === false ? 'write' : null
}

/**
 * What a tool does, as proposed to the person who reviews it: the riskier of its name and its annotations; a claim to be
 * harmless never lowers what the name says, and a tool about which nothing is known is destructive.
 */
export function proposeAction(tool: ToolDefinition): { action: Action; warnings: string[] } {
  const named = byName(tool.name)
  const claimed = byAnnotations(tool)
  if (named === null) return { action: claimed ?? 'destructive', warnings: [] }
  if (claimed === null) return { action: named, warnings: [] }
  const warnings =
    actions.indexOf(named) > actions.indexOf(claimed)
      ? [`claims to be \`${claimed}\` but its name says \`${named}\``]
      : []
  return { action: actions[Math.max(actions.indexOf(named), actions.indexOf(claimed))] as Action, warnings }
}

/** Namespace and verb of a tool (seed 003): `files.read` is `read` of `files`; a plain name belongs to its server. */
export function namespaceAndVerb(server: string, tool: string): { namespace: string; verb: string } {
  const split = /^(.+?)(?:[.:/]|__)(.+)$/.exec(tool)
  return split ? { namespace: split[1] as string, verb: split[2] as string } : { namespace: server, verb: tool }
}
