import { keepsArguments } from '../constraints/set-by.ts'
import type { CallRequest, DecidedCall, Deps } from './call.ts'

/**
 * Keeps the arguments of a call, sealed, where a rule that is about it says so (seed 002, `audit.log_full_query`), whatever was decided.
 * What is kept is what the record commits to, salt first: its hash is the `arguments_hash` of the call, and once it is destroyed nobody can
 * tell what it was. Gives what does it, in the transaction of the entry and last in it, since what is not committed is kept another time;
 * undefined when nothing is to be done.
 */
export function argumentsKeeper(
  id: string,
  { params }: CallRequest,
  { contents, snapshot }: Pick<Deps, 'contents' | 'snapshot'>,
) {
  let kept = false
  return ({ decision }: DecidedCall, salt: () => Buffer | null): (() => void) | undefined => {
    if (kept || !keepsArguments(decision, snapshot())) return undefined
    return () => {
      contents.put(Buffer.concat([salt() ?? Buffer.alloc(0), params]), id)
      kept = true
    }
  }
}
