import { printable } from '../../shared/printable.ts'
import { asTyped } from './command-name.ts'

/** Where a person approves what no terminal may: tools of tier 3. */
export function inWindow(server: string): string {
  return asTyped(`approve it in the approval window: \`toolgate open\`, then Servers, ${printable(server)}`)
}
