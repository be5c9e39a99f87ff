import type { LaunchView } from '../../../shared/server.ts'
import type { ServerChange } from '../../../shared/server-change.ts'
import { injectionSigns } from '../safety/injection.ts'
import type { createNameSigns } from './name-signs.ts'
import { proposedTier } from './review.ts'
import { launchHash, type Server } from './server-record.ts'
import { viewLaunch } from './view.ts'

/** All that is not as it was approved of a server; null when all is, and when nobody approved it yet. */
export function changesOf(server: Server, signsOf: ReturnType<typeof createNameSigns>): ServerChange | null {
  if (server.approved_at === null) return null
  const change: ServerChange = {
    server: server.name,
    runs: runChanges(server),
    instructions:
      server.said === null
        ? null
        : {
            approved: server.instructions,
            now: server.said,
            changes: instructionChanges(server.instructions, server.said),
          },
    tools: [...server.held].map(([tool, { live, changes }]) => ({
      ...{ tool, tier: proposedTier(live) },
      changes: changes.map(({ text }) => text),
    })),
    new_tools: [...server.unreviewed].map(([tool, live]) => ({
      ...{ tool, tier: proposedTier(live) },
      signs: signsOf({ server: server.name, tool }),
    })),
    denied: server.denied,
  }
  const { runs, instructions, tools, new_tools, denied } = change
  const any = runs.length + tools.length + new_tools.length + denied.length > 0 || instructions !== null
  return any ? change : null
}

/** How what a server would run now differs from what was approved: where it is, what it is given, what it consists of. */
export function runChanges(server: Server): string[] {
  const { approved_launch, approved_view, launch, drift } = server
  if (approved_launch === launchHash(launch)) return drift
  const changes = approved_view ? launchChanges(approved_view, viewLaunch(launch)) : []
  if (changes.length > 0) return [...changes, ...drift]
  // Its pins stay when a person judges it otherwise, and only the approval goes.
  return approved_launch === null
    ? ['how it is judged was changed since it was approved']
    : ['the value of a variable or header was changed']
}

function launchChanges(before: LaunchView, now: LaunchView): string[] {
  if (before.transport === 'stdio' && now.transport === 'stdio') {
    return [
      ...(before.command === now.command ? [] : [`runs \`${now.command}\`, before \`${before.command}\``]),
      ...(same(before.args, now.args) ? [] : [`is given ${quoted(now.args)}, before ${quoted(before.args)}`]),
      ...(before.cwd === now.cwd ? [] : [`runs in \`${now.cwd}\`, before in \`${before.cwd}\``]),
      ...nameChanges('variable', before.env_names, now.env_names),
    ]
  }
  if (before.transport === 'http' && now.transport === 'http') {
    return [
      ...(before.url === now.url ? [] : [`is reached at \`${now.url}\`, before at \`${before.url}\``]),
      ...(before.reach === now.reach ? [] : [`its host leads elsewhere: ${now.reach}, before ${before.reach}`]),
      ...nameChanges('header', before.header_names, now.header_names),
    ]
  }
  return ['is reached in another way than before']
}

function nameChanges(what: string, before: readonly string[], now: readonly string[]): string[] {
  return [
    ...now.filter((name) => !before.includes(name)).map((name) => `new ${what} \`${name}\``),
    ...before.filter((name) => !now.includes(name)).map((name) => `no longer the ${what} \`${name}\``),
  ]
}

/** What changed in what a server tells every model; meaning first. */
export function instructionChanges(before: string | null, now: string): string[] {
  if (before === now) return []
  const known = injectionSigns(before ?? '')
  const added = injectionSigns(now).filter((sign) => !known.includes(sign))
  const what = before === null || before === '' ? 'it gives instructions' : 'the instructions changed'
  return [...added.map((sign) => `the instructions now contain what steers a model: ${sign}`), what]
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function quoted(args: readonly string[]): string {
  return args.length === 0 ? 'no words' : args.map((word) => `\`${word}\``).join(' ')
}
