import { linuxProcesses } from './linux-processes.ts'
import type { ProcessTable } from './process-table.ts'
import { psProcesses } from './ps-processes.ts'

/** The process table of this system; null where there is none that presence could rely on. */
export function systemProcesses(platform: NodeJS.Platform = process.platform): ProcessTable | null {
  if (platform === 'linux') return linuxProcesses
  if (platform === 'darwin') return psProcesses
  return null
}
