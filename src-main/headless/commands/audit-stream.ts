import { setTimeout as pause } from 'node:timers/promises'
import { StreamName, type StreamView } from '../../../shared/audit-stream.ts'
import type { StatusView } from '../../../shared/calls.ts'
import { launchWord, reachWords } from '../../../shared/launch.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { CliError, declined, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { count, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'
import { streamText } from '../stream-text.ts'
import { headerFrom } from './servers-add.ts'

/** So long the first answer of a collector is waited for, to tell it here and now. */
const firstAnswerMs = 10_000
const pollMs = 200

type TargetOptions = { url: string; header?: string; yes?: boolean }

/** `toolgate audit stream add`: shows what would leave this machine for where, asks, and begins once a person proved to be here. */
export async function addStream(cli: Cli, name: string, options: TargetOptions & { fromStart?: boolean }) {
  const named = StreamName.safeParse(name)
  if (!named.success) {
    throw usageError(`\`${printable(name)}\` cannot be the name of a stream`, named.error.issues[0]?.message ?? '')
  }
  const { audit } = await statusOf(cli)
  if (audit.streams.some((stream) => stream.name === name)) {
    throw usageError(`there is a stream \`${name}\` already`, `change it with \`toolgate audit stream set ${name}\``)
  }
  mustBeAddress(options.url)
  const header = await secretHeader(cli, options.header)
  const from_start = options.fromStart ?? false
  const which = from_start ? `all ${count(audit.entries, 'record')} so far, and each that comes` : 'each from now on'
  await confirm(cli, options, header, `Records would leave this machine, as stream ${printable(name)}: ${which}.`)
  return done(cli, (client) => client.call('audit.stream_add', { name, url: options.url, header, from_start }))
}

/** `toolgate audit stream set`: the same for one that there is; what is not sent yet goes to where it leads then. */
export async function setStream(cli: Cli, name: string, options: TargetOptions) {
  const now = streamNamed(await statusOf(cli), name)
  mustBeAddress(options.url)
  const header = await secretHeader(cli, options.header)
  const title = `Records from ${now.sent + 1} on would be sent elsewhere, or otherwise, as stream ${printable(name)}.`
  await confirm(cli, options, header, title, [`was    ${launchWord(now.url)}`])
  return done(cli, (client) => client.call('audit.stream_set', { name, url: options.url, header }))
}

/** `toolgate audit stream list`: where records are sent, how far, and what is wrong. */
export async function listStreams(cli: Cli): Promise<undefined> {
  const { audit } = await statusOf(cli)
  const none = asTyped('no records are sent anywhere; see `toolgate audit stream add --help`')
  cli.result(audit.streams, () => [
    ...audit.streams.flatMap((stream) => streamLines(stream, audit.entries)),
    ...(audit.streams.length === 0 ? [none] : []),
  ])
}

/** `toolgate audit stream remove`: sends no more there. */
export async function removeStream(cli: Cli, name: string, { yes }: { yes?: boolean }): Promise<undefined> {
  const { audit, ...status } = await statusOf(cli)
  const stream = streamNamed({ ...status, audit }, name)
  for (const line of streamLines(stream, audit.entries)) cli.say(line)
  if (!yes && !(await cli.terminal.confirm('Send no more records there?'))) throw declined('it goes on')
  await withPerson(cli, (client) => client.call('audit.stream_remove', { name }))
  cli.result({ removed: name }, () => [`no more records are sent to ${printable(name)}`])
}

/** What is plainly no address of a collector is refused before anything is asked. */
function mustBeAddress(text: string): void {
  const { protocol } = URL.canParse(text) ? new URL(text) : { protocol: '' }
  if (protocol === 'https:' || protocol === 'http:') return
  throw usageError(
    `\`${printable(text)}\` is no web address`,
    'give the address that the collector says, `https://host/…`',
  )
}

/** The name of a header that is given and its value, which no command line holds. */
async function secretHeader(cli: Cli, name: string | undefined): Promise<{ name: string; value: string } | null> {
  if (name === undefined) return null
  if (name.includes(':')) {
    throw usageError('a value on the command line stays in its history', 'give the name of the header alone')
  }
  const [given, value] = await headerFrom(cli, name)
  return { name: given, value }
}

async function confirm(
  cli: Cli,
  options: TargetOptions,
  header: { name: string } | null,
  title: string,
  more: readonly string[] = [],
): Promise<void> {
  const shown = [
    title,
    ...more,
    `at     ${launchWord(options.url)}  (shown in the record too: no secret belongs into it)`,
    ...(header ? [`with   ${printable(header.name)}: …  (its value is not shown)`] : []),
    'as     POST of application/x-ndjson, the lines of `toolgate audit export`',
    'what   who asked for which tool, file or address of which server, when, what was decided and why, and what happened to',
    '       Toolgate itself; no arguments and no results. See one: `toolgate audit tail -n 1 --json`',
  ]
  if (!cli.json || !options.yes) for (const line of shown) cli.say(asTyped(line))
  if (!options.yes && !(await cli.terminal.confirm('Send records there?'))) throw declined('nothing is sent')
}

/** Does it, and tells what the collector says to the first records. */
async function done(cli: Cli, work: (client: ControlClient) => Promise<StreamView>): Promise<number> {
  const { view, entries } = await withPerson(cli, async (client) => {
    const begun = await work(client)
    for (let left = firstAnswerMs / pollMs; ; left -= 1) {
      const { audit } = await client.call('status', {})
      const view = audit.streams.find(({ name }) => name === begun.name) ?? begun
      const answered = view.problem !== null || (view.last_success !== null && view.last_success !== begun.last_success)
      if (answered || left <= 0) return { view, entries: audit.entries }
      await pause(pollMs)
    }
  })
  cli.result(view, () => streamLines(view, entries))
  return 0
}

function statusOf(cli: Cli): Promise<StatusView> {
  return cli.withGateway((client) => client.call('status', {}))
}

function streamNamed({ audit }: StatusView, name: string): StreamView {
  const stream = audit.streams.find((one) => one.name === name)
  if (!stream) throw new CliError('NOT_FOUND', `no stream \`${name}\``, 'see `toolgate audit stream list`')
  return stream
}

function streamLines(stream: StreamView, entries: number): string[] {
  const { name, url, reach, header_name, added_at, first, problem } = stream
  return [
    `${printable(name)}: ${streamText(stream, entries)}`,
    `  at     ${launchWord(url)} (${reachWords[reach]})`,
    ...(header_name === null ? [] : [`  with   ${printable(header_name)}: …`]),
    `  since  ${when(added_at)}, from record ${first} on`,
    ...(problem ? [`  !      ${printable(problem.text)}`, `  →      ${asTyped(printable(problem.hint))}`] : []),
  ]
}
