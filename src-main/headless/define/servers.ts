import { type Command, Option } from 'commander'
import { sqlDialects, trustLevels } from '../../../shared/envelope.ts'
import { act, collect, group, subcommand } from './command.ts'

const dialects = [...sqlDialects, 'none']

const load = () => import('../commands/servers.ts')

/** Commands about servers and their tools. */
export function defineServers(program: Command): void {
  const servers = group(program, 'servers', 'register, review and approve servers')
  defineAdding(servers)
  subcommand(servers, 'list', 'list registered servers', 'toolgate servers list').action((_, command) =>
    act(command, async (cli) => (await load()).listServers(cli)),
  )
  subcommand(
    servers,
    'review <name>',
    'run a server once and show its tools (asks for your PIN)',
    'toolgate servers review files',
  ).action((name, _, command) =>
    act(command, async (cli) => (await import('../commands/servers-approve.ts')).reviewServer(cli, name)),
  )
  subcommand(
    servers,
    'approve <name>',
    'review a server and pin its tools (asks for your PIN)',
    'toolgate servers approve files --tool write_file:action=destructive,tier=3',
  )
    .option(
      '--tool <name:key=value>',
      'decide otherwise than proposed: action, classification, tier, tags, repeatable, purpose, owner, module, sql_argument',
      collect,
      [],
    )
    .option('--except <tool>', 'leave a tool unapproved; may be repeated', collect, [])
    .option('--yes', 'do not ask; the PIN is still needed')
    .action((name, options, command) =>
      act(command, async (cli) => (await import('../commands/servers-approve.ts')).approveServer(cli, name, options)),
    )
  defineChanges(servers)
  defineSignIn(servers)
  subcommand(
    servers,
    'remove <name>',
    'forget a server and its pins (asks for your PIN)',
    'toolgate servers remove files',
  )
    .option('--yes', 'do not ask; the PIN is still needed')
    .action((name, options, command) =>
      act(command, async (cli) => (await load()).removeServer(cli, name, options.yes === true)),
    )
  defineServerRuns(servers)
  defineServerSettings(servers)

  defineTools(program)
}

function defineAdding(servers: Command): void {
  const add = subcommand(
    servers,
    'add <name> [command...]',
    'register a server, after showing exactly what it would run or where it is reached',
    'toolgate servers add files -- npx -y @modelcontextprotocol/server-filesystem ~/proj',
  )
    .usage('<name> [options] -- <command…>   or   <name> [options] --url <url>')
    .option('--url <url>', 'address of a server that is reached over HTTP, instead of a command')
    .option(
      '--header <header>',
      "'Name: value', sent with every message; with a name alone, its value is asked for",
      collect,
      [],
    )
    .option('--env <name=value>', 'environment variable; with a name alone, its value is taken from yours', collect, [])
    .option('--cwd <dir>', 'folder it runs in (default: the current one)')
    .addOption(new Option('--trust <level>', 'how far it is trusted').choices(trustLevels).default('restricted'))
    .option('--environment <name>', 'where it acts, such as development or production', 'unknown')
    .option('--risk-tag <tag>', 'label that rules can match; may be repeated', collect, [])
    .option('--yes', 'do not ask')
  saysFacts(add).action((name, words, options, command) =>
    act(command, async (cli) => (await import('../commands/servers-add.ts')).addServer(cli, name, words, options)),
  )
}

/** What people can say of a server beside what it runs. */
function saysFacts(command: Command): Command {
  return command
    .option('--owner <name>', 'who answers for it')
    .option('--purpose <words>', 'what it is there for')
    .addOption(new Option('--sql-dialect <dialect>', 'the SQL that its tools take').choices(dialects))
}

function defineChanges(servers: Command): void {
  subcommand(
    servers,
    'changes [name]',
    'show what servers run, tell and offer otherwise than was approved',
    'toolgate servers changes',
  ).action((name, _, command) =>
    act(command, async (cli) => (await import('../commands/servers-changes.ts')).listChanges(cli, name)),
  )
  subcommand(
    servers,
    'deny <name>',
    'say no to what changed: it stays refused until it is approved after all',
    'toolgate servers deny files --reason "asks for keys"',
  )
    .option('--tool <tool>', 'only this tool; may be repeated', collect, [])
    .option('--reason <words>', 'why, for the record', '')
    .option('--yes', 'do not ask')
    .action((name, options, command) =>
      act(command, async (cli) => (await import('../commands/servers-changes.ts')).denyChanges(cli, name, options)),
    )
}

function defineServerRuns(servers: Command): void {
  subcommand(
    servers,
    'show <name>',
    'show what a server runs, and how its processes do',
    'toolgate servers show files',
  ).action((name, _, command) =>
    act(command, async (cli) => (await import('../commands/servers-run.ts')).showServer(cli, name)),
  )
  subcommand(
    servers,
    'restart <name>',
    'end the processes of a server and start them again; one that keeps ending is tried again at once',
    'toolgate servers restart files',
  ).action((name, _, command) =>
    act(command, async (cli) => (await import('../commands/servers-run.ts')).restartServer(cli, name)),
  )
  subcommand(
    servers,
    'stop <name>',
    'end the processes of a server now; the next request of a client starts them again',
    'toolgate servers stop files',
  ).action((name, _, command) =>
    act(command, async (cli) => (await import('../commands/servers-run.ts')).stopServer(cli, name)),
  )
}

function defineServerSettings(servers: Command): void {
  const set = subcommand(
    servers,
    'set <name> [command...]',
    'change what a server runs, where it is reached, or how it is judged; it has to be approved again',
    'toolgate servers set files --env LOG_LEVEL=debug',
  )
    .usage('<name> [options] [-- <command…>]')
    .option('--url <url>', 'another address; headers stay only within the same origin')
    .option('--header <header>', "'Name: value' to set; with a name alone, its value is asked for", collect, [])
    .option('--unset-header <name>', 'header to leave out; may be repeated', collect, [])
    .option('--env <name=value>', 'variable to set; with a name alone, its value is taken from yours', collect, [])
    .option('--unset-env <name>', 'variable to leave out; may be repeated', collect, [])
    .option('--cwd <dir>', 'folder it runs in')
    .addOption(new Option('--trust <level>', 'how far it is trusted').choices(trustLevels))
    .option('--environment <name>', 'where it acts, such as development or production')
    .option('--risk-tag <tag>', 'label that rules can match, in place of all it has; may be repeated', collect, [])
    .option('--yes', 'do not ask')
  saysFacts(set).action((name, words, options, command) =>
    act(command, async (cli) => (await import('../commands/servers-set.ts')).setServer(cli, name, words, options)),
  )
}

function defineSignIn(servers: Command): void {
  subcommand(
    servers,
    'sign-in <name>',
    'sign in to a server over HTTP, in a browser (asks for your PIN)',
    'toolgate servers sign-in cloud',
  )
    .option('--no-open', 'open no browser, only print the address')
    .option('--client-id <id>', 'the client that you registered with its authorization server yourself')
    .option('--client-secret', 'that client has a secret, which is asked for')
    .action((name, options, command) =>
      act(command, async (cli) => (await import('../commands/servers-sign-in.ts')).signIn(cli, name, options)),
    )
  subcommand(
    servers,
    'sign-out <name>',
    'sign out of a server and have its tokens revoked (asks for your PIN)',
    'toolgate servers sign-out cloud',
  ).action((name, _, command) =>
    act(command, async (cli) => (await import('../commands/servers-sign-in.ts')).signOut(cli, name)),
  )
}

function defineTools(program: Command): void {
  const tools = group(program, 'tools', 'look at reviewed tools, and take away what nobody uses')
  subcommand(tools, 'list <server>', "list a server's reviewed tools", 'toolgate tools list files').action(
    (name, _, command) => act(command, async (cli) => (await load()).listTools(cli, name)),
  )
  subcommand(tools, 'unused', 'list reviewed tools that nobody called for a quarter', 'toolgate tools unused').action(
    (_, command) => act(command, async (cli) => (await import('../commands/servers-changes.ts')).listUnused(cli)),
  )
  subcommand(
    tools,
    'retire <server> [tool...]',
    'take the approval of tools away: of the unused ones, unless some are named',
    'toolgate tools retire files',
  )
    .option('--yes', 'do not ask')
    .action((name, named, options, command) =>
      act(command, async (cli) =>
        (await import('../commands/servers-changes.ts')).retireTools(cli, name, named, options.yes === true),
      ),
    )
}
