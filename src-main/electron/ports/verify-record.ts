import { utilityProcess } from 'electron'
import { RecordCheck } from '../../../shared/activity.ts'
import type { AuditReport } from '../../../shared/audit.ts'

/**
 * Verifies the record of a profile with the `toolgate` command at `program`, in a process of its own. Rejects when it ends
 * without a report.
 */
export function verifyRecord(program: string, profile: string): Promise<AuditReport> {
  const words = ['audit', 'verify', '--json', '--profile', profile]
  const child = utilityProcess.fork(program, words, { stdio: ['ignore', 'pipe', 'ignore'] })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', (type) => reject(new Error(`the verifier ended with ${type}`)))
    child.once('exit', (code) => {
      const report = RecordCheck.safeParse(asJson(Buffer.concat(chunks).toString('utf8')))
      // The schema says "or undefined" of what may be absent, which JSON cannot hold.
      if (report.success) resolve(report.data as AuditReport)
      else reject(new Error(`the verifier ended with ${code} and no report`))
    })
  })
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
