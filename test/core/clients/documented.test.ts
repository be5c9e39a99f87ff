import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Machine } from '../../../src-main/core/clients/known-client.ts'
import { knownClients } from '../../../src-main/core/clients/known-clients.ts'

const machine: Machine = {
  ...{
    platform: 'linux',
    system: '/etc',
    home: '~',
    settings: '~/.config',
    projects: ['<project>'],
    moved: () => null,
  },
}

/** `docs/clients.md` as the list of clients makes it; `npx vitest run test/core/clients/documented -u` writes it anew. */
test('every client stands in docs/clients.md with its files', async () => {
  const rows = knownClients.map((client) => {
    const files = client.files(machine).map(({ path }) => `\`${path}\``)
    return `| ${client.name} | \`${client.id}\` | ${files.join(', ')} | ${client.apply} |`
  })
  await expect(
    [
      '# AI clients',
      '',
      '```sh',
      'toolgate clients list              # which are here, and how each of their servers is guarded',
      'toolgate clients preview cursor    # exactly what connecting would change',
      'toolgate clients connect cursor    # or --all; asks for your PIN',
      'toolgate clients check             # ends with 1 when a connected client goes past Toolgate',
      'toolgate clients undo cursor       # takes the file back, byte by byte',
      '```',
      '',
      'Clients that speak HTTP can also connect by themselves: see [oauth.md](oauth.md).',
      '',
      'The app does the same on its page of clients; what changes is shown and agreed to in the approval window.',
      '',
      '- **Connecting** leads each server of a client through Toolgate: it is registered, to be reviewed before its first call, and its entry',
      '  starts Toolgate instead. Nothing else in the file changes: comments, order, spaces and line ends stay. Values of environments and',
      '  headers move into the vault; they are never shown, logged or kept elsewhere.',
      '- **A file is written only while it is what was shown**, all or nothing, with its permissions, through links.',
      '- **Undo** gives back the same bytes. In a file that was changed since, only what Toolgate wrote is taken back; an entry that somebody',
      '  else changed stays, and you are told what to do by hand.',
      '- **Each server is** *verified* (a call of this client to it was seen), *configured* (its entry starts Toolgate), *bypassed* (the client',
      '  starts it itself, or starts Toolgate with variables, a file of them or a folder that Toolgate did not write, by which other code could',
      '  run there) or *left alone*, with the reason. Files are watched: you are told once when a connected server goes past Toolgate.',
      '- **Left alone** are entries with references that only the client can fill in, servers behind sockets, what an administrator decides',
      '  (`managed-mcp.json`, policies of VS Code), extensions that run inside a client (`.mcpb`), and files that are broken.',
      '- **Before you uninstall Toolgate**, `toolgate clients undo --all` takes every file back; it leaves nothing of Toolgate in them.',
      '- **Their own tools**, such as a shell, are another matter: see [hooks.md](hooks.md). A client that is not here is connected by hand:',
      '  `toolgate clients issue NAME --server SERVER` prints the lines.',
      '',
      '| client | id | files on Linux; on other systems where it keeps its settings there | to apply a change |',
      '|---|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  ).toMatchFileSnapshot(join(import.meta.dirname, '..', '..', '..', 'docs', 'clients.md'))
})
