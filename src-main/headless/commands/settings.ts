import { limits } from '../../../shared/limits.ts'
import { printable } from '../../../shared/printable.ts'
import type { SettingsView } from '../../../shared/settings-view.ts'
import type { Cli } from '../cli.ts'
import { asTyped } from '../command-name.ts'
import { columns } from '../format.ts'

const others: Record<string, string> = {
  hold_sec: 'seconds that a caller waits for a person before it is told to retry, where nobody knows how long it waits',
  hold_without_host: 'whether calls wait for a person although nothing can show that they do',
  prompt_sound: 'whether the notification of a call that waits makes a sound',
  answer_room_sec: 'seconds of what a client waits that are left to its server',
  heartbeat_sec: 'seconds between two pieces of news to a caller that waits for a person',
  client_timeouts: 'seconds that clients wait for an answer, where it is not what is known of them',
  quiet_hours: 'when nobody is asked: calls that would ask are denied at once, such as `mon-sun 22:00-07:00`',
  cool_down_sec: 'seconds for which nobody is told of more requests of a tool after two that nobody answered',
  gates: 'what stops a client, a server or everything by itself, and when',
  flush_records: 'which records are on the disk before anything follows from them: `decisions` or `every`',
  client_document: 'address of a document by which Toolgate names itself when it signs in to servers',
  app_documents: 'hosts whose published documents may name an app that asks to be let in',
  public_origin:
    'origin under which a proxy of yours makes the HTTP door reachable for others, such as `https://tools.example.com`',
  expires_sec: 'seconds until an unanswered request is denied',
}

/** `toolgate settings show`: every setting with its value, and what of the file does not hold; exit 1 when the file has a mistake. */
export async function showSettings(cli: Cli): Promise<number> {
  const view = await cli.withGateway((client) => client.call('settings.show', {}))
  const { file, problem, settings } = view
  cli.result(view, () => [
    ...settingLines(settings),
    '',
    `change them in ${file}: what is not there is as usual, and most hold at once`,
    ...settings
      .filter(({ waits }) => waits)
      .map(({ name, asked }) =>
        asTyped(`! ${name} becomes ${asked} once the gateway starts again: \`toolgate shutdown\``),
      ),
    ...(problem ? [`! ${problem}; those before stay in force`] : []),
  ])
  return problem ? 1 : 0
}

/** A value that is longer stands below its name: it would push all others out of sight. */
const widestValue = 24
const widestLine = 110

function settingLines(settings: SettingsView['settings']): string[] {
  const rows = settings.map(({ name, value, usual }) => {
    const [now, before] = [String(value ?? 'none'), value === usual ? '' : `usually ${usual ?? 'none'}`]
    const below = [`is ${now}`, before].filter((_, index) => ([now, before][index] ?? '').length > widestValue)
    const here = [now, before].map((text) => (text.length > widestValue ? 'see below' : text))
    return { cells: [name, ...here], below, means: meaningOf(name) }
  })
  const lines = columns(rows.map(({ cells }) => [...cells, '|']))
  const indent = (lines[0] ?? '').length - 1
  return rows.flatMap(({ below, means }, index) => {
    const [first = '', ...more] = wrapped(means, widestLine - indent)
    return [
      ((lines[index] ?? '').slice(0, -1) + printable(first)).trimEnd(),
      ...more.map((text) => ' '.repeat(indent) + printable(text)),
      ...below.flatMap((text) => wrapped(text, widestLine - 4)).map((text) => `    ${printable(text)}`),
    ]
  })
}

function meaningOf(name: string): string {
  return name in limits ? limits[name as keyof typeof limits].bounds : (others[name] ?? '')
}

/** A text in lines of so many letters, each broken at a space or after a comma; a word that is longer is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (let rest = text; rest !== ''; ) {
    const part = rest.slice(0, width)
    const end = Math.max(part.lastIndexOf(' '), part.lastIndexOf(','))
    const cut = rest.length <= width || end <= 0 ? part : part.slice(0, end + 1)
    lines.push(cut.trimEnd())
    rest = rest.slice(cut.length).trimStart()
  }
  return lines
}
