import { Command, Help } from 'commander'
import { version } from '../host/version.ts'
import { commandName } from './command-name.ts'
import { defineAudit } from './define/audit.ts'
import { helpStyle } from './define/command.ts'
import { defineGateway } from './define/gateway.ts'
import { defineIncidents } from './define/incidents.ts'
import { defineObserve } from './define/observe.ts'
import { defineOverride } from './define/override.ts'
import { definePeople } from './define/people.ts'
import { definePolicy } from './define/policy.ts'
import { defineServers } from './define/servers.ts'

const exits = `
Exit codes: 0 ok · 1 negative answer or failed check · 2 wrong usage · 3 gateway unreachable
            4 refused (no presence, level too high) · 5 not found

Every command takes --json (one JSON value per line on stdout; a failure is {"error":{code,message,hint}})
and --profile DIR (or TOOLGATE_PROFILE), the folder that holds everything of one instance.`

/** The whole command line: names, options and help; what a command does is loaded when it runs. */
export function createProgram(): Command {
  const program = new Command(commandName())
    .description("Decides what your AI clients' tools may do: policy, approvals and an audit record.")
    .version(version(), '--version', 'print the version')
    .option('--profile <dir>', 'folder of the instance to use')
    .option('--json', 'print JSON, for programs')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command...]', 'show help for a command')
    .configureHelp({ ...helpStyle, subcommandTerm: termOf })
    // What is wrong with a command line is said where every failure is, in one form.
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', exits)
    .exitOverride()
  defineGateway(program)
  defineServers(program)
  definePeople(program)
  definePolicy(program)
  defineObserve(program)
  defineIncidents(program)
  defineOverride(program)
  defineAudit(program)
  return program
}

/** `servers` lists as a group, a single command with its arguments. */
function termOf(command: Command): string {
  return command.commands.length > 0 ? `${command.name()} …` : new Help().subcommandTerm(command)
}
