import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { CallError } from '../../../shared/call-errors.ts'
import type { ChosenClients } from '../../../shared/client-config.ts'
import type { KnownClient, Machine } from './known-client.ts'
import { knownClients } from './known-clients.ts'
import { thisMachine } from './machine.ts'

/** Another home folder than this user's, and projects whose own files count too. */
export type Where = { home?: string | undefined; projects?: string[] | undefined }

/** The machine that is looked at. Throws BAD_INPUT for a path that is not absolute. */
export function machineOf({ home, projects = [] }: Where): Machine {
  const paths = [...(home === undefined ? [] : [home]), ...projects]
  const odd = paths.find((path) => !isAbsolute(path))
  if (odd !== undefined) throw new CallError('BAD_INPUT', `\`${odd}\` is no absolute path`)
  return thisMachine(home ?? null, projects)
}

/** Whether a client shows to be there, with a configuration or without. */
export const isInstalled = (client: KnownClient, machine: Machine) =>
  client.traces(machine).some((path) => existsSync(path))

/** The clients of these ids, or all. Throws NOT_FOUND. */
export function clientsNamed(chosen: ChosenClients): readonly KnownClient[] {
  if (chosen === 'all') return knownClients
  const odd = chosen.find((id) => !knownClients.some((client) => client.id === id))
  if (odd !== undefined) throw new CallError('NOT_FOUND', `no client \`${odd}\``, 'see `toolgate clients list`')
  return knownClients.filter(({ id }) => chosen.includes(id))
}
