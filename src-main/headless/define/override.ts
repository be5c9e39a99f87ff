import type { Command } from 'commander'
import { act, group, subcommand } from './command.ts'

const load = () => import('../commands/override.ts')

/** Commands about overrides; none begins one, which the approval page alone does. */
export function defineOverride(program: Command): void {
  const override = group(program, 'override', 'calls that run for minutes although policy would stop them')
  subcommand(override, 'show', 'show for what an override is on, and until when', 'toolgate override show').action(
    (_, command) => act(command, async (cli) => (await load()).showOverrides(cli)),
  )
  subcommand(override, 'end', 'end every override at once', 'toolgate override end').action((_, command) =>
    act(command, async (cli) => (await load()).endOverrides(cli)),
  )
}
