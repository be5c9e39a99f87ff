import type { Command } from 'commander'
import { act, group, subcommand, wholeNumber } from './command.ts'

const load = () => import('../commands/incidents.ts')

/** Commands about what people look into. */
export function defineIncidents(program: Command): void {
  const incidents = group(program, 'incidents', 'what was stopped, and other things to look into, with their records')
  subcommand(incidents, 'list', 'list incidents, open ones first', 'toolgate incidents list').action((_, command) =>
    act(command, async (cli) => (await load()).listIncidents(cli)),
  )
  subcommand(
    incidents,
    'show <id>',
    'show an incident, its notes and the records that belong to it',
    'toolgate incidents show incident_01',
  )
    .option('--before <number>', 'only records with a smaller number, to page on', wholeNumber)
    .action((id, options, command) => act(command, async (cli) => (await load()).showIncident(cli, id, options.before)))
  subcommand(incidents, 'open <why>', 'open an incident by hand', 'toolgate incidents open "odd reads" --server files')
    .option('--server <name>', 'only records of this server belong to it')
    .option('--client <client>', 'only records of this client, by the name or id of its entry, belong to it')
    .action((why, options, command) => act(command, async (cli) => (await load()).openIncident(cli, why, options)))
  subcommand(
    incidents,
    'note <id> <text>',
    'add to an incident, for good',
    'toolgate incidents note incident_01 "asked ana"',
  ).action((id, text, _, command) => act(command, async (cli) => (await load()).noteIncident(cli, id, text)))
  subcommand(
    incidents,
    'close <id> <conclusion>',
    'close an incident with a conclusion (asks for your PIN)',
    'toolgate incidents close incident_01 "a test ran wild"',
  ).action((id, conclusion, _, command) =>
    act(command, async (cli) => (await load()).closeIncident(cli, id, conclusion)),
  )
}
