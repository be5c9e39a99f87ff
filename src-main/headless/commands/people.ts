import type { PersonView } from '../../../shared/people.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { columns } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate people list`: who may answer at this machine. */
export async function listPeople(cli: Cli): Promise<undefined> {
  const people = await cli.withGateway((client) => client.call('people.list', {}))
  cli.result(people, () => columns(people.map(row)))
}

/** `toolgate people back`: whoever proves it is back, and nobody answers for them any more. */
export async function comeBack(cli: Cli, { as }: { as?: string }): Promise<undefined> {
  const person = await withPerson(cli, (client) => client.call('people.back', {}), { as })
  cli.result(person, () => [`${printable(person.name)} is back; nobody answers in their place`])
}

function row({ name, groups, admin, away }: PersonView): string[] {
  const who = away?.delegate ? `, ${printable(away.delegate.name)} answers in their place` : ''
  return [
    printable(name),
    admin ? 'admin' : '',
    groups.length > 0 ? groups.map(printable).join(', ') : 'no group',
    away ? `away until ${away.until}${who}` : '',
  ]
}
