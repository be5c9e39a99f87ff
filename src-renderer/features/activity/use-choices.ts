import { useMemo } from 'react'
import type { CallRow } from '../../../shared/activity.ts'
import { useCall } from '../../use-call.ts'
import type { Choice } from './filter-bar.tsx'

/** Servers and clients to choose by: those there are, and those that are only in the record any more. */
export function useChoices(rows: readonly CallRow[]): { servers: readonly Choice[]; clients: readonly Choice[] } {
  const { value: servers } = useCall('servers.list', {}, ['servers'])
  const { value: clients } = useCall('clients.list', {}, ['clients'])
  // Names seldom change while calls come in all the time: the lists stay the same as long as their text does.
  const seenServers = distinct(rows.map(({ server }) => ({ value: server, words: server })))
  const seenClients = distinct(rows.map(({ client }) => ({ value: client.id, words: client.name })))
  const serverKey = JSON.stringify(distinct([...(servers ?? []).map(({ name }) => choice(name, name)), ...seenServers]))
  const clientKey = JSON.stringify(
    distinct([...(clients ?? []).map(({ id, name }) => choice(id, name)), ...seenClients]),
  )
  return useMemo(
    () => ({ servers: JSON.parse(serverKey) as Choice[], clients: JSON.parse(clientKey) as Choice[] }),
    [serverKey, clientKey],
  )
}

function choice(value: string, words: string): Choice {
  return { value, words }
}

function distinct(choices: readonly Choice[]): Choice[] {
  return [...new Map(choices.map((it) => [it.value, it])).values()].sort((a, b) => a.words.localeCompare(b.words))
}
