import type { Command } from 'commander'
import { act, group, subcommand } from './command.ts'

const load = () => import('../commands/policy.ts')

/** Commands about policy. */
export function definePolicy(program: Command): void {
  const policy = group(program, 'policy', 'the rules in force')
  subcommand(
    policy,
    'show',
    'show the rules in force, problems, and what waits to be confirmed',
    'toolgate policy show',
  ).action((_, command) => act(command, async (cli) => (await load()).showPolicy(cli)))
  subcommand(
    policy,
    'lint [files...]',
    'check policy files without putting them into force',
    'toolgate policy lint my-rules.yaml',
  ).action((files, _, command) =>
    act(command, async (cli) => (await import('../commands/policy-lint.ts')).lint(cli, files)),
  )
  subcommand(
    policy,
    'confirm',
    'put a waiting, looser policy into force (asks for your PIN)',
    'toolgate policy confirm',
  )
    .option('--yes', 'do not ask; the PIN is still needed')
    .action((options, command) => act(command, async (cli) => (await load()).confirmPolicy(cli, options.yes === true)))
}
