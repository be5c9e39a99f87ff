import { text } from 'node:stream/consumers'
import { utilityProcess } from 'electron'
import { RecordCheck } from '../../../shared/activity.ts'
import type { AuditReport } from '../../../shared/audit.ts'

/**
 * Verifies the record of a profile with the `toolgate` command at `program`, in a process of its own. Rejects when it ends
 * without a report.
 */
export async function verifyRecord(program: string, profile: string): Promise<AuditReport> {
  const words = ['audit', 'verify', '--json', '--profile', profile]
  const child = utilityProcess.fork(program, words, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', (type) => reject(new Error(`the verifier ended with ${type}`)))
  })
  // Its last words may come after its end.
  const [code, said] = await Promise.all([ended, child.stdout ? text(child.stdout) : ''])
  const report = RecordCheck.safeParse(asJson(said))
  if (!report.success) throw new Error(`the verifier ended with ${code} and no report`)
  // The schema says "or undefined" of what may be absent, which JSON cannot hold.
  return report.data as AuditReport
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
