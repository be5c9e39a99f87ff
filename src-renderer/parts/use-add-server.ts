import type { Input } from '../../shared/calls.ts'
import { call } from '../call.ts'
import { useSaving } from './use-saving.ts'

/** Registers servers for a form: whether it is under way, and what was wrong with which field. */
export function useAddServer(onAdded: (name: string) => void) {
  const { save, ...rest } = useSaving(onAdded)
  return { ...rest, add: (input: Input<'servers.add'>) => save(input.name, () => call('servers.add', input)) }
}
