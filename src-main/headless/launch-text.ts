import { launchWarnings, launchWord } from '../../shared/launch.ts'
import { printable } from '../../shared/printable.ts'
import type { LaunchSpec, LaunchView } from '../../shared/server.ts'

/**
 * Exactly what a server would run, word by word as a shell would read it, nothing left out. Of one that is registered the
 * values of its environment are not known here.
 */
export function launchLines(launch: LaunchSpec | LaunchView): string[] {
  return [
    `runs   ${[launch.command, ...launch.args].map(launchWord).join(' ')}`,
    `in     ${launchWord(launch.cwd)}`,
    ...('env' in launch
      ? Object.entries(launch.env).map(([name, value]) => `with   ${printable(name)}=${launchWord(value)}`)
      : launch.env_names.map((name) => `with   ${printable(name)}=…  (its value is not shown)`)),
    ...launchWarnings(launch).map((warning) => `!      ${warning}`),
  ]
}
