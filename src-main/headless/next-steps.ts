import type { StatusView } from '../../shared/calls.ts'
import { printable } from '../../shared/printable.ts'
import type { Paths } from '../core/ports.ts'
import { instancePaths } from '../host/paths.ts'
import { packageFolder } from '../host/version.ts'
import { asTyped, commandName } from './command-name.ts'

/** A sign-in link for the app; null where none is given, and `none` where there is no app. */
export type AppAccess = { url: string } | null | 'none'

/**
 * The way from nothing to a governed client: what is left of it, in order, as commands for another terminal; the app comes
 * first.
 */
export function nextSteps(status: StatusView, paths: Paths, app: AppAccess): string[] {
  const toolgate = commandName()
  const link = app === 'none' ? undefined : app?.url
  const elsewhere = paths.profile !== instancePaths().profile
  return [
    ...(link ? openTheApp(link, status) : []),
    `${link ? 'Or do it' : 'What to do next,'} in another terminal${toolgate === 'toolgate' ? '' : ` in ${printable(folderForNpx())}`}:`,
    ...(elsewhere
      ? ['', '  Name this profile to the commands below', `    export TOOLGATE_PROFILE='${printable(paths.profile)}'`]
      : []),
    ...stepsLeft(status, app).flatMap(([what, command]) => ['', `  ${what}`, `    ${toolgate} ${command}`]),
  ]
}

/** The link comes first; another one takes the PIN. */
function openTheApp(link: string, { presence_enrolled }: StatusView): string[] {
  const later = presence_enrolled
    ? '`toolgate open` gives another'
    : 'once you enrolled a PIN, `toolgate open` gives another'
  return [asTyped(`Open the app. This link works once, for 60 seconds; ${later}:`), '', `  ${link}`, '']
}

/** Where `npx toolgate` means this program: the checkout, or the project it is installed in. */
function folderForNpx(): string {
  const [project = ''] = packageFolder().split(/[\\/]node_modules[\\/]/)
  return project
}

function stepsLeft(
  { presence_enrolled, servers, policy }: StatusView,
  app: AppAccess,
): [what: string, command: string][] {
  const open = servers.filter(({ state }) => state !== 'approved')
  const steps: [what: string, command: string, left: boolean][] = [
    ['Enrol a PIN, so that only you can say yes', 'presence enroll', !presence_enrolled],
    ['Open the app (asks for your PIN)', 'open', app === null],
    ['Confirm the looser policy that waits for you', 'policy confirm', policy.waiting],
    [
      'Add a server to guard',
      'servers add files -- npx -y @modelcontextprotocol/server-filesystem DIR',
      servers.length === 0,
    ],
    ...open.map(({ name, state }): [string, string, boolean] => [
      `See the tools of ${name} (${state}), and approve them`,
      `servers approve ${name}`,
      true,
    ]),
    [
      'Print what goes into the configuration of your client',
      `clients issue NAME --server ${servers[0]?.name ?? 'files'}`,
      true,
    ],
    ['Be asked about each call that waits for you', 'approvals watch', true],
    ['See what happens', 'audit tail --follow', true],
  ]
  return steps.filter(([, , left]) => left).map(([what, command]) => [what, command])
}
