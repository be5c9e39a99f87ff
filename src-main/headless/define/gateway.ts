import type { Command } from 'commander'
import { usageError } from '../cli-error.ts'
import { act, group, subcommand, wholeNumber } from './command.ts'

/** Commands about the gateway itself. */
export function defineGateway(program: Command): void {
  subcommand(program, 'serve', 'run the gateway in the foreground', 'toolgate serve --port 0 --json')
    .option('--port <number>', 'port of the HTTP door; 0: the one it had before, else any free one', wholeNumber, 0)
    .option('--auto', 'started by a client: end after 15 idle minutes')
    .option('--link', 'print a sign-in link for the app even where no person reads; with --json as `app`')
    .option('--open', 'open the app in the browser (default: where there is a screen and a person reads)')
    .option('--no-open', 'do not')
    .action((options, command) =>
      act(command, async (cli) => (await import('../commands/serve.ts')).serve(cli, options)),
    )
  subcommand(program, 'open', 'open the app in your browser, signed in (asks for your PIN)', 'toolgate open')
    .option('--print', 'only print the sign-in link, which works once, for 60 seconds')
    .action((options, command) =>
      act(command, async (cli) => (await import('../commands/open.ts')).openApp(cli, options.print === true)),
    )
  subcommand(program, 'status', 'show what is guarded, and whether all is well', 'toolgate status').action(
    (_, command) => act(command, async (cli) => (await import('../commands/gateway.ts')).showStatus(cli)),
  )
  subcommand(
    program,
    'stop',
    'halt everything, one server or one client at once, until a person resumes it',
    'toolgate stop --server files --reason "odd writes"',
  )
    .option('--server <name>', 'only calls to this server')
    .option('--client <client>', 'only calls of this client, by the name or id of its entry')
    .option('--reason <text>', 'why, for the record', '')
    .action((options, command) => act(command, async (cli) => (await import('../commands/stop.ts')).stop(cli, options)))
  subcommand(
    program,
    'resume',
    'show what is stopped, and lead to the approval page, where a person resumes it',
    'toolgate resume',
  ).action((_, command) => act(command, async (cli) => (await import('../commands/stop.ts')).resume(cli)))
  subcommand(program, 'shutdown', 'end the running gateway', 'toolgate shutdown').action((_, command) =>
    act(command, async (cli) => (await import('../commands/gateway.ts')).shutdown(cli)),
  )
  subcommand(
    program,
    'connect <server>',
    'connect a client to a server through the gateway; AI clients run this, not people',
    'toolgate connect files --profile ~/.local/share/toolgate --entry client_01',
  )
    .option('--entry <id>', 'client entry that proves who is calling (see `toolgate clients issue`)')
    .action(() => {
      throw usageError('`connect` has to be the first word', 'write `toolgate connect <server> --profile DIR`')
    })
  const settings = group(program, 'settings', 'see what this gateway is set to')
  subcommand(
    settings,
    'show',
    'show every setting and limit, and where they are changed',
    'toolgate settings show',
  ).action((_, command) => act(command, async (cli) => (await import('../commands/settings.ts')).showSettings(cli)))
  subcommand(program, 'doctor', 'check this installation and say how to mend it', 'toolgate doctor').action(
    (_, command) => act(command, async (cli) => (await import('../commands/doctor.ts')).doctor(cli)),
  )
}
