import type { FoundClient } from '../../../../shared/client-config.ts'

/** How clients are called, by their ids; one that is not there any more is called by its id. */
export function nameIn(found: readonly FoundClient[] | undefined): (id: string) => string {
  return (id) => found?.find((client) => client.id === id)?.name ?? id
}
