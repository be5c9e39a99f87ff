import type { Command } from 'commander'
import { act, group, subcommand, wholeNumber } from './command.ts'

const load = () => import('../commands/audit.ts')

/** Commands about the audit record; all but those about streams read the profile's files and need no gateway. */
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
  defineStreams(audit)
}

const loadStreams = () => import('../commands/audit-stream.ts')
const headerHelp = 'secret header of each request; its value is taken from TOOLGATE_HEADER_NAME or asked for'

/** Records that are sent to a collector as they are made; these need the gateway. */
function defineStreams(audit: Command): void {
  const stream = group(audit, 'stream', 'send records to a collector as they are made')
  subcommand(
    stream,
    'add <name>',
    'begin to send records to a collector, after showing what would go where (asks for your PIN)',
    'toolgate audit stream add siem --url https://collector.example.com/toolgate --header Authorization',
  )
    .requiredOption('--url <url>', 'where to: https, or http to this machine')
    .option('--header <name>', headerHelp)
    .option('--from-start', 'all records that there are, and not only those to come')
    .option('--yes', 'do not ask; the PIN is still asked for')
    .action((name, options, command) =>
      act(command, async (cli) => (await loadStreams()).addStream(cli, name, options)),
    )
  subcommand(
    stream,
    'set <name>',
    'send elsewhere, or with another header, from where it is (asks for your PIN)',
    'toolgate audit stream set siem --url https://collector.example.com/toolgate --header Authorization',
  )
    .requiredOption('--url <url>', 'where to: https, or http to this machine')
    .option('--header <name>', headerHelp)
    .option('--yes', 'do not ask; the PIN is still asked for')
    .action((name, options, command) =>
      act(command, async (cli) => (await loadStreams()).setStream(cli, name, options)),
    )
  subcommand(stream, 'list', 'where records are sent, and how far that is', 'toolgate audit stream list').action(
    (_, command) => act(command, async (cli) => (await loadStreams()).listStreams(cli)),
  )
  subcommand(
    stream,
    'remove <name>',
    'send no more records there (asks for your PIN)',
    'toolgate audit stream remove siem',
  )
    .option('--yes', 'do not ask; the PIN is still asked for')
    .action((name, options, command) =>
      act(command, async (cli) => (await loadStreams()).removeStream(cli, name, options)),
    )
}
