import type { Command } from 'commander'
import { mostObserveDays } from '../../../shared/observe-days.ts'
import { act, group, subcommand, wholeNumber } from './command.ts'

const load = () => import('../commands/observe.ts')

/** Commands about observe mode. */
export function defineObserve(program: Command): void {
  const observe = group(program, 'observe', 'let calls run that policy would stop, and see which, for a while')
  const scoped = (command: Command) =>
    command
      .option('--server <name>', 'only for calls to this server')
      .option('--client <client>', 'only for calls of this client, by the name or id of its entry')
  scoped(
    subcommand(
      observe,
      'start',
      'turn observe mode on, or renew it (asks for your PIN)',
      'toolgate observe start --server files --days 2 --reason "writing rules"',
    ),
  )
    .option('--days <number>', `when it ends by itself, 1 to ${mostObserveDays}`, wholeNumber, mostObserveDays)
    .option('--reason <text>', 'why, for the record', '')
    .option('--yes', 'do not ask; the PIN is still needed')
    .action((options, command) => act(command, async (cli) => (await load()).startObserving(cli, options)))
  scoped(
    subcommand(
      observe,
      'stop',
      'end observe mode at once; without --server and --client, all of it',
      'toolgate observe stop',
    ),
  ).action((options, command) => act(command, async (cli) => (await load()).stopObserving(cli, options)))
  subcommand(observe, 'show', 'show for what observe mode is on, and until when', 'toolgate observe show').action(
    (_, command) => act(command, async (cli) => (await load()).showObserving(cli)),
  )
}
