import type { WhoView } from '../../../shared/people.ts'
import { ownerId, type People, whoOf } from '../people/people.ts'
import type { Clock, Secrets } from '../ports.ts'
import { type Enrolment, pinStore } from './pin.ts'

/** The PIN of one person. */
export type Pins = ReturnType<typeof pinStore>

/** The people of a machine, each with a PIN, as presence needs them. */
export type PersonPins = {
  of: (id: string) => Pins
  /** Who this is, by id or name; the owner where nobody is named. Throws NOT_FOUND. */
  named: (named: string | undefined) => WhoView
  /** Null for who is not here any more. */
  who: (id: string) => WhoView | null
  /** Those who may unlock; null where one person alone answers. */
  several: () => { id: string; name: string }[] | null
}

/** Each person's PIN lies among the secrets; that of the owner under the name that it had before there were others. */
export function personPins(people: People, secrets: Secrets, clock: Clock, enrolment: Enrolment): PersonPins {
  const owners = pinStore(secrets, clock, enrolment)
  return {
    of: (id) => (id === ownerId ? owners : pinOf(id, people, secrets, clock)),
    named: (named) => whoOf(people.named(named ?? ownerId)),
    who(id) {
      const person = people.get(id)
      return person && whoOf(person)
    },
    several: () => (people.several() ? people.all().map(({ id, name }) => ({ id, name })) : null),
  }
}

/** The PIN of somebody who was added. They were added with one, so when it is gone it is lost. */
export function pinOf(id: string, people: Pick<People, 'get'>, secrets: Secrets, clock: Clock): Pins {
  return pinStore(secrets, clock, { known: () => people.get(id) !== null, remember: () => {} }, `-${id}`)
}
