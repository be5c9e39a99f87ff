import { CallError } from '../../../shared/call-errors.ts'
import type { WhoView } from '../../../shared/people.ts'
import type { Answering, CoreHandlers, Door } from '../control/handlers.ts'
import { ownerId, type People, whoOf } from '../people/people.ts'
import type { Clock, Secrets } from '../ports.ts'
import { type PersonPins, pinOf } from '../presence/person-pins.ts'

type PeopleHandlers = Pick<CoreHandlers, Extract<keyof CoreHandlers, `people.${string}`>>

/** Who is at a door; where nobody is told apart it is the owner. */
export function whoAt(door: Door, people: Pick<People, 'named'>): WhoView {
  if (door.who) return door.who
  if (door.who === null) throw new CallError('PRESENCE_REQUIRED')
  return whoOf(people.named(ownerId))
}

/** The people of this machine: an admin adds and removes them at the approval page, with their PIN once more. */
export function peopleHandlers(deps: {
  people: People
  pins: PersonPins
  secrets: Secrets
  clock: Clock
}): PeopleHandlers {
  const { people, pins, secrets, clock } = deps
  const by = (door: Door) => whoAt(door, people).name

  /** The admin once more; whether they still are one is asked after that. */
  async function again(door: Door, pin: string | undefined, reason: string): Promise<void> {
    await answeringAt(door).again(pin, reason)
    if (people.get(whoAt(door, people).id)?.admin !== true) throw new CallError('ADMIN_ONLY')
  }

  return {
    'people.list': () => people.list(),

    'people.add': async ({ name, groups, admin, new_pin, pin }, door) => {
      // From then on a window alone proves nobody, so whoever is here must be able to come back.
      if (!pins.of(ownerId).enrolled()) throw new CallError('PRESENCE_NOT_ENROLLED')
      await again(door, pin, 'let somebody else answer')
      return people.add({ name, groups, admin }, by(door), (id, recorded) =>
        pinOf(id, { get: () => null }, secrets, clock).set(new_pin, recorded),
      )
    },

    'people.change': async ({ id, groups, admin, pin }, door) => {
      await again(door, pin, 'change what somebody may answer')
      return people.change({ id, groups, admin }, by(door))
    },

    'people.remove': async ({ id, pin }, door) => {
      await again(door, pin, 'remove somebody')
      people.remove(id, by(door))
      pins.of(id).forget()
      return {}
    },

    'people.away': ({ until, delegate }, door) => people.leave(whoAt(door, people).id, Date.parse(until), delegate),
    'people.back': (_input, door) => people.back(whoAt(door, people).id),
  }
}

function answeringAt(door: Door): Answering {
  if (door.name !== 'approval') throw new CallError('FORBIDDEN_AT_DOOR')
  return door.answering
}
