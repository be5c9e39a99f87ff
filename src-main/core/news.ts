import type { Changes } from './control/changes.ts'
import type { Ports } from './ports.ts'
import type { OnChange } from './registry/registry.ts'

type Record = (event: string, detail: { [name: string]: unknown }) => void

/** What is recorded, and what a person hears at once, when a server changes what was reviewed. */
export function registryNews(record: Record, notify: Ports['notify']): OnChange {
  return {
    tool(server, tool, changes) {
      record('tool.changed', { server, tool, changes })
      notify({ kind: 'warning', title: `${server} changed`, body: `\`${tool}\` is held until you review it` })
    },
    instructions(server) {
      record('server.changed', { server, changes: ['the instructions are not those that were approved'] })
      notify({ kind: 'warning', title: `${server} changed`, body: 'its instructions are held until you review them' })
    },
  }
}

const policyWords: { [event: string]: { title: string; body: string } } = {
  'policy.broken': {
    title: 'the policy on disk has mistakes',
    body: 'what was in force stays; see `toolgate policy show`',
  },
  'policy.waiting': {
    title: 'a looser policy waits for you',
    body: 'it rules once you confirm it: `toolgate policy confirm`',
  },
}

/** The same for what happens to the policy folder. */
export function policyNews(record: Record, notify: Ports['notify']): Record {
  return (event, detail) => {
    record(event, detail)
    const told = policyWords[event]
    if (told) notify({ kind: 'warning', ...told })
  }
}

/** The same for sign-ins to servers; pages hear of every change. */
export function signInNews(record: Record, notify: Ports['notify'], changes: Pick<Changes, 'topic'>) {
  return {
    record,
    onChange: () => changes.topic('servers'),
    onEnded: (server: string) =>
      notify({ kind: 'warning', title: `${server} wants a sign-in`, body: 'it refuses calls until you sign in again' }),
  }
}
