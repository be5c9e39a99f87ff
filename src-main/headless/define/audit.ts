import type { Command } from 'commander'
import { act, group, subcommand, wholeNumber } from './command.ts'

const load = () => import('../commands/audit.ts')

/** Commands about the audit record; they read the profile's files and need no gateway. */
export function defineAudit(program: Command): void {
  const audit = group(program, 'audit', 'what happened, and the proof of it')
  subcommand(audit, 'tail', 'show the latest records', 'toolgate audit tail -n 50 --follow')
    .option('-n, --number <count>', 'how many records', wholeNumber, 20)
    .option('--follow', 'keep showing records as they come')
    .option('--call <id>', 'only the records of one call')
    .action((options, command) => act(command, async (cli) => (await load()).tail(cli, options)))
  subcommand(audit, 'verify', 'check that no record was edited, removed or reordered', 'toolgate audit verify').action(
    (_, command) => act(command, async (cli) => (await load()).verify(cli)),
  )
  subcommand(
    audit,
    'arguments <call>',
    'show the arguments of a call that a rule said to keep; that you read them is recorded (asks for your PIN)',
    'toolgate audit arguments call_01 --why "ticket 4711"',
  )
    .requiredOption('--why <text>', 'what you need them for')
    .action((call, options, command) =>
      act(command, async (cli) =>
        (await import('../commands/kept-arguments.ts')).showArguments(cli, call, options.why),
      ),
    )
  subcommand(audit, 'export', 'write every record out as JSON lines', 'toolgate audit export --out audit.jsonl')
    .option('--out <file>', 'file to write; it must not exist (default: standard output)')
    .action((options, command) => act(command, async (cli) => (await load()).exportAudit(cli, options.out)))
}
