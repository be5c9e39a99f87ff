import { type Command, Option } from 'commander'
import { act, subcommand } from './command.ts'

const load = () => import('../commands/apps.ts')

/** Commands about apps that ask to be let in. */
export function defineApps(apps: Command): void {
  subcommand(apps, 'list', 'list apps that wait to be let in', 'toolgate apps list').action((_, command) =>
    act(command, async (cli) => (await load()).listApps(cli)),
  )
  forTenant(
    subcommand(apps, 'show <id>', 'show in full what one of them asks for', 'toolgate apps show consent_01'),
  ).action((id, options, command) => act(command, async (cli) => (await load()).showApp(cli, id, options)))
  answering(
    subcommand(
      apps,
      'allow <id>',
      'let an app in, for one hour or until you revoke it (asks for your PIN)',
      'toolgate apps allow consent_01 --once',
    )
      .addOption(new Option('--once', 'for one hour, then it has to ask again (default)').conflicts('always'))
      .option('--always', 'until you revoke it; it renews its access by itself'),
    true,
  ).action((id, options, command) =>
    act(command, async (cli) => (await load()).answerApp(cli, id, options.always ? 'always' : 'once', options)),
  )
  answering(
    subcommand(apps, 'deny <id>', 'give an app nothing (asks for your PIN)', 'toolgate apps deny consent_01'),
  ).action((id, options, command) => act(command, async (cli) => (await load()).answerApp(cli, id, 'deny', options)))
}

function forTenant(command: Command): Command {
  return command.option('--tenant <name>', 'for whom it would work, where it asks for nobody')
}

function answering(command: Command, lettingIn = false): Command {
  return (lettingIn ? forTenant(command) : command)
    .option('--as <person>', 'who of several people you are; the owner of this machine without it')
    .option('--yes', 'do not ask; the PIN is still needed')
}
