import type { StatusView } from '../../shared/calls.ts'
import { printable } from '../../shared/printable.ts'
import type { Paths } from '../core/ports.ts'
import { instancePaths } from './ports/paths.ts'

/** The way from nothing to a governed client: what is left of it, in order, as commands for another terminal. */
export function nextSteps(status: StatusView, paths: Paths): string[] {
  const inCheckout = process.env.npm_lifecycle_event === 'start'
  const toolgate = inCheckout ? 'npx toolgate' : 'toolgate'
  const elsewhere = paths.profile !== instancePaths('').profile
  return [
    `What to do next, in another terminal${inCheckout ? ' in this folder' : ''}:`,
    ...(elsewhere
      ? ['', '  Name this profile to the commands below', `    export TOOLGATE_PROFILE='${printable(paths.profile)}'`]
      : []),
    ...stepsLeft(status).flatMap(([what, command]) => ['', `  ${what}`, `    ${toolgate} ${command}`]),
  ]
}

function stepsLeft({ presence_enrolled, servers, policy }: StatusView): [what: string, command: string][] {
  const open = servers.filter(({ state }) => state !== 'approved')
  const steps: [what: string, command: string, left: boolean][] = [
    ['Enrol a PIN, so that only you can say yes', 'presence enroll', !presence_enrolled],
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
