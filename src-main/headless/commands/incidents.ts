import type { IncidentDetail, IncidentView } from '../../../shared/incidents.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { usageError } from '../cli-error.ts'
import { clientNamed } from '../client-named.ts'
import { asTyped } from '../command-name.ts'
import { columns, count, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate incidents list`. */
export async function listIncidents(cli: Cli): Promise<undefined> {
  const found = await cli.withGateway((client) => client.call('incidents.list', {}))
  cli.result(found, () => {
    if (found.length === 0) return ['no incident: a stop opens one, or `toolgate incidents open`'].map(asTyped)
    return columns(
      found.map((it) => [
        it.closed_at === null ? 'open' : 'closed',
        it.id,
        when(it.opened_at),
        it.kind,
        about(it),
        it.why,
      ]),
    )
  })
}

/** `toolgate incidents show`: the newest records that belong to it, or those before a number. */
export async function showIncident(cli: Cli, id: string, before: number | undefined): Promise<undefined> {
  const input = { id, ...(before === undefined ? {} : { before }) }
  const detail = await cli.withGateway((client) => client.call('incidents.show', input))
  cli.result(detail, () => detailLines(detail))
}

/** `toolgate incidents open`. */
export async function openIncident(
  cli: Cli,
  why: string,
  { server, client: of }: { server?: string; client?: string },
): Promise<undefined> {
  if (server !== undefined && of !== undefined) {
    throw usageError('`--server` and `--client` exclude each other', 'open one for each')
  }
  const opened = await cli.withGateway(async (control) =>
    control.call('incidents.open', {
      why,
      ...(server === undefined ? {} : { server }),
      ...(of === undefined ? {} : { client: await clientNamed(of, control) }),
    }),
  )
  cli.result(opened, () => [`opened ${opened.id}: ${about(opened)}`])
}

/** `toolgate incidents note`. */
export async function noteIncident(cli: Cli, id: string, text: string): Promise<undefined> {
  const noted = await cli.withGateway((client) => client.call('incidents.note', { id, text }))
  cli.result(noted, () => ['noted'])
}

/** `toolgate incidents close`. */
export async function closeIncident(cli: Cli, id: string, conclusion: string): Promise<undefined> {
  const closed = await withPerson(cli, (client) => client.call('incidents.close', { id, conclusion }), {
    first: (client) => client.call('incidents.show', { id }),
  })
  cli.result(closed, () => ['closed'])
}

function about({ scope, name, title }: IncidentView): string {
  if (scope === 'all') return 'everything'
  return scope === 'server' ? `server ${printable(name)}` : `client ${printable(title)} (${printable(name)})`
}

function detailLines({ incident, notes, records, next }: IncidentDetail): string[] {
  const { opened_at, opened_by, opened_door, closed_at, closed_by, conclusion } = incident
  const lines = columns([
    ['incident', incident.id],
    ['about', about(incident)],
    ['why', incident.why],
    ['opened', `${when(opened_at)} by ${opened_by} (${opened_door}), as ${incident.kind}`],
    ['closed', closed_at === null ? 'not yet' : `${when(closed_at)} by ${closed_by}: ${conclusion}`],
  ])
  const told = notes.map(({ at, by, door, text }) => [`  ${when(at)}`, `${by} (${door})`, text])
  const found = records.map((it) => [
    ...[`  ${it.seq}`, when(it.at), it.what, it.client, [it.server, it.tool].filter(Boolean).join(' › '), it.detail],
  ])
  return [
    ...lines,
    ...(notes.length > 0 ? [count(notes.length, 'note'), ...columns(told)] : []),
    ...['records, the newest first', ...columns(found)],
    ...(next === null ? [] : [asTyped(`more: \`toolgate incidents show ${incident.id} --before ${next}\``)]),
  ]
}
