import type { ProcessTable } from './process-table.ts'

/** Launchers between a client and its shim that are plausible: npx, a shell, a wrapper of the user's, each once or twice. */
const mostLaunchers = 8

/**
 * The process that governs a shim: the nearest one above it that is not a mere launcher (`npx`, `sh -c`), told by its
 * standard input, which a launcher hands on and a client never shares. Null when there is none or the shim is gone.
 */
export async function clientOf(table: ProcessTable, shim: number): Promise<number | null> {
  let client = (await table.read(shim))?.parent ?? 0
  for (let launchers = 0; client > 1 && launchers < mostLaunchers; launchers += 1) {
    if (!(await table.shareInput(shim, client))) return client
    client = (await table.read(client))?.parent ?? 0
  }
  return client > 1 ? client : null
}
