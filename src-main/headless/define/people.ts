import { type Command, Option } from 'commander'
import { defineApps } from './apps.ts'
import { act, collect, group, subcommand } from './command.ts'

const clients = () => import('../commands/clients.ts')
const access = () => import('../commands/client-access.ts')
const configs = () => import('../commands/client-configs.ts')
const tokens = () => import('../commands/tokens.ts')
const approvals = () => import('../commands/approvals.ts')
const grants = () => import('../commands/grants.ts')
const presence = () => import('../commands/presence.ts')

/** Commands about who calls, and what a person answers. */
export function definePeople(program: Command): void {
  defineClients(group(program, 'clients', 'connect AI clients and revoke them'))
  defineTokens(group(program, 'token', 'bearer tokens of clients that come over HTTP'))
  defineApprovals(group(program, 'approvals', 'answer calls that wait for a person'))
  defineApps(group(program, 'apps', 'answer apps that ask to connect'))
  defineGrants(group(program, 'grants', 'what was allowed for longer than one call'))
  defineWhoIsHere(group(program, 'people', 'who may answer at this machine'))
  const parent = group(program, 'presence', 'the PIN that proves a person is at this terminal')
  subcommand(parent, 'enroll', 'enrol or change the PIN (asks for it)', 'toolgate presence enroll').action(
    (_, command) => act(command, async (cli) => (await presence()).enroll(cli)),
  )
  subcommand(parent, 'status', 'show whether a PIN is enrolled', 'toolgate presence status').action((_, command) =>
    act(command, async (cli) => (await presence()).presenceStatus(cli)),
  )
}

function defineWhoIsHere(parent: Command): void {
  const people = () => import('../commands/people.ts')
  subcommand(parent, 'list', 'list who may answer, their groups and who is away', 'toolgate people list').action(
    (_, command) => act(command, async (cli) => (await people()).listPeople(cli)),
  )
  subcommand(
    parent,
    'back',
    'say that you are back: nobody answers in your place any more (asks for your PIN)',
    'toolgate people back --as Ana',
  )
    .option('--as <person>', 'who of several people you are; the owner of this machine without it')
    .action((options, command) => act(command, async (cli) => (await people()).comeBack(cli, options)))
}

const oneServer = () => new Option('--server <name>', 'server to connect to; without it, a placeholder is printed')
const everyServer = () =>
  new Option('--all', 'connect to all servers at once; their tools carry the names of their servers').conflicts(
    'server',
  )

function defineClients(parent: Command): void {
  const where = (command: Command) =>
    command
      .option('--home <folder>', "another home folder than this user's")
      .option('--project <folder>', 'a project whose own files count too; may be repeated', collect, [])
  const which = (command: Command) =>
    where(command).option('--all', 'all that are found').option('--yes', 'do not ask; the PIN is still needed')
  const also = (command: Command) =>
    which(command).option('--hooks', 'their own tools too: a hook asks Toolgate before they run')
  where(
    subcommand(
      parent,
      'list',
      'list the AI clients of this machine, and how each of their servers is guarded',
      'toolgate clients list',
    ),
  ).action((options, command) => act(command, async (cli) => (await configs()).listFoundClients(cli, options)))
  also(
    subcommand(
      parent,
      'preview [client...]',
      'show what connecting clients would change',
      'toolgate clients preview cursor',
    ),
  ).action((names, options, command) =>
    act(command, async (cli) => (await configs()).previewClients(cli, names, options)),
  )
  also(
    subcommand(
      parent,
      'connect [client...]',
      'lead the servers of clients through Toolgate: shows the change, asks, does exactly that (asks for your PIN)',
      'toolgate clients connect cursor',
    ),
  ).action((names, options, command) =>
    act(command, async (cli) => (await configs()).connectClients(cli, names, options)),
  )
  which(
    subcommand(
      parent,
      'undo [client...]',
      "take clients' files back to what they were (asks for your PIN)",
      'toolgate clients undo cursor',
    ),
  ).action((names, options, command) => act(command, async (cli) => (await configs()).undoClients(cli, names, options)))
  where(
    subcommand(
      parent,
      'check',
      'see whether connected clients still go through Toolgate; ends with 1 when one does not',
      'toolgate clients check',
    ),
  ).action((options, command) => act(command, async (cli) => (await configs()).checkClients(cli, options)))
  defineEntries(parent)
}

function defineEntries(parent: Command): void {
  subcommand(parent, 'entries', 'list client entries', 'toolgate clients entries').action((_, command) =>
    act(command, async (cli) => (await clients()).listClients(cli)),
  )
  subcommand(
    parent,
    'access <client>',
    'show what a client can use, and why not the rest: by the name or id of its entry',
    'toolgate clients access Cursor',
  )
    .option('--all', 'list the tools that it cannot use, too')
    .option('--tenant <name>', 'what an app can use while it works for this tenant')
    .action((name, options, command) => act(command, async (cli) => (await access()).showAccess(cli, name, options)))
  subcommand(
    parent,
    'bind <client> <policy>',
    'bind an access policy to a client entry, by its name or id; what that loosens waits for `toolgate policy confirm`',
    'toolgate clients bind Cursor mcp.read_only',
  )
    .option('--tenant <name>', 'only while an app works for this tenant')
    .action((name, policy, options, command) =>
      act(command, async (cli) => (await access()).bindClient(cli, name, policy, { ...options, bound: true })),
    )
  subcommand(
    parent,
    'unbind <client> <policy>',
    'end a binding that was made so, or on the page of the client',
    'toolgate clients unbind Cursor mcp.read_only',
  )
    .option('--tenant <name>', 'the binding that is for this tenant')
    .action((name, policy, options, command) =>
      act(command, async (cli) => (await access()).bindClient(cli, name, policy, { ...options, bound: false })),
    )
  subcommand(
    parent,
    'issue <name>',
    "make a client entry and print what goes into the client's configuration (asks for your PIN)",
    'toolgate clients issue Cursor',
  )
    .addOption(oneServer())
    .addOption(everyServer())
    .action((name, options, command) => act(command, async (cli) => (await clients()).issueClient(cli, name, options)))
  subcommand(
    parent,
    'revoke <client>',
    'make a client entry useless, by its name or id (asks for your PIN)',
    'toolgate clients revoke Cursor',
  )
    .option('--tenant <name>', 'only what an app was given for this tenant; `""` for nobody in particular')
    .action((id, options, command) => act(command, async (cli) => (await clients()).revokeClient(cli, id, options)))
}

function defineTokens(parent: Command): void {
  subcommand(
    parent,
    'create',
    "make a client entry for HTTP, and print its token and what goes into the client's configuration (asks for your PIN)",
    'toolgate token create --client "VS Code" --server files',
  )
    .option('--client <name>', 'the client that will use the token')
    .option(
      '--scope <scope>',
      'a right that it holds; may be repeated; without any, policy alone bounds it',
      collect,
      [],
    )
    .option('--tenant <name>', 'for whom it works: calls to servers of other tenants ask a person')
    .addOption(oneServer())
    .addOption(everyServer())
    .action((options, command) => act(command, async (cli) => (await tokens()).createToken(cli, options)))
  subcommand(parent, 'list', 'list client entries that come over HTTP', 'toolgate token list').action((_, command) =>
    act(command, async (cli) => (await tokens()).listTokens(cli)),
  )
  subcommand(
    parent,
    'revoke <id>',
    'make a token useless (asks for your PIN)',
    'toolgate token revoke client_01',
  ).action((id, _, command) => act(command, async (cli) => (await tokens()).revokeToken(cli, id)))
}

function defineGrants(parent: Command): void {
  subcommand(parent, 'list', 'list grants that count', 'toolgate grants list --all')
    .option('--all', 'also those that have ended, and how')
    .action((options, command) => act(command, async (cli) => (await grants()).listGrants(cli, options)))
  subcommand(parent, 'revoke <id>', 'end a grant: the very next call asks', 'toolgate grants revoke grant_01').action(
    (id, _, command) => act(command, async (cli) => (await grants()).revokeGrant(cli, id)),
  )
  subcommand(
    parent,
    'extend <id>',
    'let a grant that was given for hours count for so many from now (asks for your PIN)',
    'toolgate grants extend grant_01 --hours 8',
  )
    .requiredOption('--hours <number>', 'how many hours from now')
    .action((id, options, command) => act(command, async (cli) => (await grants()).extendGrant(cli, id, options)))
  subcommand(parent, 'lock', 'end what was granted for sessions, as when you leave', 'toolgate grants lock').action(
    (_, command) => act(command, async (cli) => (await grants()).lockGrants(cli)),
  )
}

function defineApprovals(parent: Command): void {
  subcommand(parent, 'list', 'list calls that wait for a person', 'toolgate approvals list').action((_, command) =>
    act(command, async (cli) => (await approvals()).listApprovals(cli)),
  )
  subcommand(parent, 'show <id>', 'show one waiting call in full', 'toolgate approvals show apr_01').action(
    (id, _, command) => act(command, async (cli) => (await approvals()).showApproval(cli, id)),
  )
  subcommand(
    parent,
    'proof <id>',
    'what an answered request proves, and how it was shown',
    'toolgate approvals proof apr_01',
  )
    .option('--full <why>', 'what was shown without anything masked, and what you need it for (asks for your PIN)')
    .action((id, options, command) =>
      act(command, async (cli) => (await import('../commands/approval-proof.ts')).showProof(cli, id, options)),
    )
  for (const answer of ['approve', 'deny'] as const) {
    const command = subcommand(
      parent,
      `${answer} <id>`,
      `${answer} a waiting call (asks for your PIN)`,
      `toolgate approvals ${answer} apr_01`,
    )
    if (answer === 'approve') {
      command.option('--arguments <file>', 'let it run once with the arguments in this file instead, a JSON object')
    }
    command
      .option('--reason <text>', 'why, for the record and, when denied, for the caller', '')
      .option('--as <person>', 'who of several people you are; the owner of this machine without it')
      .option('--yes', 'do not ask; the PIN is still needed')
      .action((id, options, command) =>
        act(command, async (cli) => (await approvals()).answerApproval(cli, id, answer, options)),
      )
  }
  subcommand(
    parent,
    'noise',
    'show how much people were asked, what came of it, and which rules asked most',
    'toolgate approvals noise --days 7',
  )
    .option('--days <number>', 'how many days back, up to 30', '7')
    .action((options, command) =>
      act(command, async (cli) => (await import('../commands/noise.ts')).showNoise(cli, options)),
    )
  subcommand(
    parent,
    'quiet',
    'show quiet hours, or switch them off for some hours (asks for your PIN)',
    'toolgate approvals quiet --off 2',
  )
    .option('--off <hours>', 'let calls ask for so many hours; 0 ends that')
    .action((options, command) =>
      act(command, async (cli) => (await import('../commands/noise.ts')).showQuiet(cli, options)),
    )
  subcommand(
    parent,
    'watch',
    'wait for calls and apps, and ask about each as it comes',
    'toolgate approvals watch',
  ).action((_, command) =>
    act(command, async (cli) => (await import('../commands/approvals-watch.ts')).watchApprovals(cli)),
  )
}
