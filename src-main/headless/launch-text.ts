import { launchWarnings, launchWord, reachWords } from '../../shared/launch.ts'
import { printable } from '../../shared/printable.ts'
import type { AskedLaunch, LaunchView } from '../../shared/server.ts'

/**
 * Exactly what a server would run, word by word as a shell would read it, nothing left out. Of one that is registered the
 * values of its environment are not known here.
 */
export function launchLines(launch: AskedLaunch | LaunchView): string[] {
  if (launch.transport === 'http') return addressLines(launch)
  return [
    `runs   ${[launch.command, ...launch.args].map(launchWord).join(' ')}`,
    `in     ${launchWord(launch.cwd)}`,
    ...('env' in launch
      ? Object.entries(launch.env).map(([name, value]) => `with   ${printable(name)}=${launchWord(value)}`)
      : launch.env_names.map((name) => `with   ${printable(name)}=…  (its value is not shown)`)),
    ...launchWarnings(launch).map((warning) => `!      ${warning}`),
  ]
}

/** Where a server is reached, and the names of the headers that go with every message; their values are never shown. */
function addressLines(launch: Extract<AskedLaunch | LaunchView, { transport: 'http' }>): string[] {
  const names = 'header_names' in launch ? launch.header_names : Object.keys(launch.headers)
  return [
    `at     ${launchWord(launch.url)}`,
    ...('reach' in launch ? [`on     ${reachWords[launch.reach]}`] : []),
    ...names.map((name) => `with   ${printable(name)}: …  (its value is not shown)`),
    ...launchWarnings(launch).map((warning) => `!      ${warning}`),
  ]
}
