import { resolve } from 'node:path'
import type {
  ChangedFile,
  ChosenClients,
  ClientHooksView,
  ConfigEntryView,
  ConnectPlan,
  FoundClient,
} from '../../../shared/client-config.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { declined, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { provePresence } from '../prove-presence.ts'

/** Where to look: another home folder, and projects. */
export type WhereOptions = { home?: string; project: string[] }
/** Which clients: by their ids, or all; `yes` does not ask. */
export type ChangeOptions = WhereOptions & { all?: boolean; yes?: boolean; hooks?: boolean }

const whereOf = ({ home, project }: WhereOptions) => ({
  ...(home === undefined ? {} : { home: resolve(home) }),
  projects: project.map((folder) => resolve(folder)),
})

const guardWords: Record<ConfigEntryView['guard'], string> = {
  verified: 'verified: calls were seen here',
  configured: 'configured: no call was seen yet',
  bypassed: 'bypassed: the client starts it itself',
  left: 'left alone',
}

/** `toolgate clients list`: the AI clients of this machine, and how well each of their servers is guarded. */
export async function listFoundClients(cli: Cli, options: WhereOptions): Promise<undefined> {
  const { found, home } = await cli.withGateway(async (client) => {
    const where = whereOf(options)
    const { home } = where.home === undefined ? await client.call('configs.home', {}) : { home: where.home }
    return { found: await client.call('configs.find', where), home }
  })
  const looked = `looked into ${printable(home)}`
  cli.result(found, () =>
    found.length === 0 ? [`no AI client was found; ${looked}`] : [...found.flatMap(clientLines), '', looked],
  )
}

/** `toolgate clients check`: the same; ends with 1 when a server of a connected client goes past Toolgate, or a file cannot be read. */
export async function checkClients(cli: Cli, options: WhereOptions): Promise<number | undefined> {
  const found = await cli.withGateway((client) => client.call('configs.find', whereOf(options)))
  const files = found.flatMap((client) => client.files.map((file) => ({ client, file })))
  const drifted = files.filter(
    ({ file }) => file.connected && (file.problem !== null || file.entries.some(({ guard }) => guard === 'bypassed')),
  )
  const silent = found.filter(({ hooks }) => hooks?.connected && !hooks.on)
  const report = {
    ok: drifted.length === 0 && silent.length === 0,
    drifted: drifted.map(({ client, file }) => ({ client: client.id, ...file })),
    hooks_gone: silent.map(({ id }) => id),
  }
  cli.result(report, () =>
    report.ok
      ? ['every server of the connected clients goes through Toolgate, as far as their files say']
      : [
          ...drifted.flatMap(({ client, file }) => [...clientLines({ ...client, files: [file] })]),
          ...silent.map(({ name }) => `${name} no longer asks before it runs its own tools`),
          '',
          asTyped(`repair it with \`toolgate clients connect --all${silent.length > 0 ? ' --hooks' : ''}\``),
        ],
  )
  return report.ok ? undefined : 1
}

/** `toolgate clients preview`: exactly what connecting would change. */
export async function previewClients(cli: Cli, clients: string[], options: ChangeOptions): Promise<undefined> {
  const plan = await cli.withGateway((client) => client.call('configs.preview', previewOf(clients, options)))
  cli.result(plan, () => planLines(plan))
}

/** `toolgate clients connect`: shows what would change, asks, and does exactly that. */
export async function connectClients(cli: Cli, clients: string[], options: ChangeOptions): Promise<number | undefined> {
  return cli.withGateway(async (client) => {
    const plan = await client.call('configs.preview', previewOf(clients, options))
    if (!cli.json || !options.yes) for (const line of planLines(plan)) cli.say(line)
    if (plan.files.length === 0) return report(cli, [], plan.problems)
    if (!options.yes && !(await cli.terminal.confirm('Change these files?'))) throw declined('nothing was changed')
    await provePresence(cli, client)
    const changed = await client.call('configs.connect', { plan: plan.plan })
    return report(cli, changed, plan.problems, await unapproved(client, plan, changed))
  })
}

/** Servers that were led here and of which nothing runs until a person approves them. */
async function unapproved(client: ControlClient, { files }: ConnectPlan, changed: ChangedFile[]): Promise<string[]> {
  const done = new Set(changed.flatMap(({ path, done }) => (done ? [path] : [])))
  const led = new Set(
    files.filter(({ path }) => done.has(path)).flatMap(({ entries }) => entries.map((it) => it.server)),
  )
  const servers = await client.call('servers.list', {})
  return servers.filter(({ name, state }) => state !== 'approved' && led.has(name)).map(({ name }) => name)
}

/** `toolgate clients undo`: takes files back to what they were before they were connected. */
export async function undoClients(cli: Cli, clients: string[], options: ChangeOptions): Promise<number | undefined> {
  return cli.withGateway(async (client) => {
    const input = { ...whereOf(options), clients: chosen(clients, options) }
    if (!options.yes && !(await cli.terminal.confirm('Take these clients back to how they were?'))) {
      throw declined('nothing was changed')
    }
    await provePresence(cli, client)
    return report(cli, await client.call('configs.undo', input), [])
  })
}

const previewOf = (clients: string[], options: ChangeOptions) => ({
  ...{ ...whereOf(options), clients: chosen(clients, options) },
  ...(options.hooks ? { hooks: true } : {}),
})

function chosen(clients: string[], { all }: ChangeOptions): ChosenClients {
  if (all && clients.length > 0) throw usageError('name clients or give `--all`, not both', 'leave one of them out')
  if (!all && clients.length === 0) {
    throw usageError('no client is named', asTyped('see `toolgate clients list`, or give `--all`'))
  }
  return all ? 'all' : clients
}

function clientLines({ id, name, files, apply, applied, hooks, beyond }: FoundClient): string[] {
  const lines = files.flatMap(({ path, problem, entries, connected }) => [
    `  ${printable(path)}${connected ? '  (connected)' : ''}`,
    ...(problem ? [`    cannot be changed: ${printable(problem)}`] : []),
    ...entries.map(entryLine),
  ])
  const guarded = files.some(({ entries }) => entries.some(({ guard }) => guard === 'configured'))
  return [
    `${name} (${id})`,
    ...(files.length === 0 ? ['  no configuration yet'] : lines),
    ...(hooks ? hooksLines(hooks) : []),
    ...beyond.map(
      ({ path, servers, why }) => `  left alone: ${printable(path)} (${printable(servers.join(', '))}): ${why}`,
    ),
    ...(applied === false ? [`  to apply: ${apply}`] : []),
    ...(applied === true && guarded ? ['  it has read the change'] : []),
  ]
}

function hooksLines({ path, on, problem, server, limits }: ClientHooksView): string[] {
  if (problem) return [`  own tools: ${printable(path)} cannot be changed: ${printable(problem)}`]
  if (!on) return ['  own tools: not governed; `--hooks` puts them under the same decision']
  return [`  own tools: it asks Toolgate first, as \`${server}\`. ${limits}`]
}

function entryLine({ name, off, guard, why, server }: ConfigEntryView): string {
  const as = server === null || server === name ? '' : `, as \`${printable(server)}\``
  return `    ${printable(name)}${off ? ' (switched off)' : ''}  ${why ? `${guard === 'left' ? guardWords.left : guard}: ${printable(why)}` : guardWords[guard]}${as}`
}

function planLines({ files, problems }: ConnectPlan): string[] {
  const shown = files.flatMap(({ diff, entries }) => [
    ...diff.trimEnd().split('\n').map(printable),
    ...entries
      .filter(({ guard }) => guard === 'left')
      .map(({ name, why }) => `  left alone: ${printable(name)}: ${printable(why ?? '')}`),
    '',
  ])
  return [
    ...(files.length === 0 ? ['nothing to connect'] : shown),
    ...problems.map((it) => `left alone: ${printable(it)}`),
  ]
}

/** What a person does with an entry that was changed since it was connected. */
function handOff(path: string, name: string): string {
  return `by hand: \`${printable(name)}\` in ${printable(path)} was changed since; take it out, or write what it was before`
}

function report(cli: Cli, files: ChangedFile[], problems: string[], open: string[] = []): number | undefined {
  cli.result({ files, problems, unapproved: open }, () => [
    ...files.map(({ path, done, why, exact }) => {
      const how = exact === false ? ', with what was changed in it since' : exact ? ', byte by byte' : ''
      return done ? `done: ${printable(path)}${how}` : `not done: ${printable(path)}: ${printable(why ?? '')}`
    }),
    ...files.flatMap(({ path, left }) => left.map((name) => handOff(path, name))),
    ...[...new Set(files.filter(({ done }) => done).map(({ apply }) => apply))].map((apply) => `to apply: ${apply}`),
    ...(files.length === 0 ? ['nothing was changed'] : []),
    ...(open.length > 0 ? ['', `calls to ${open.map(printable).join(', ')} are refused until you approve:`] : []),
    ...open.map((name) => asTyped(`next: \`toolgate servers approve ${printable(name)}\``)),
  ])
  return files.every(({ done }) => done) && problems.length === 0 ? undefined : 1
}
