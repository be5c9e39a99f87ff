import { execFile } from 'node:child_process'
import { RecordCheck } from '../../../shared/activity.ts'
import type { AuditReport } from '../../../shared/audit.ts'
import { gatewayEnvironment } from '../../shim/gateway-environment.ts'

/** A record of years is read in this time; a verifier that takes longer hangs. */
const patienceMs = 10 * 60_000
const outputLimit = 16 * 1024 * 1024

/** The verifier as a program, with its arguments. */
export type Verifier = { command: string; args: readonly string[] }

/**
 * Verifies a record by running `toolgate audit verify --json` as a process of its own: it reads the stored bytes and trusts
 * nothing that this process holds. Rejects when it cannot be run to its end.
 */
export function verifyRecord({ command, args }: Verifier): Promise<AuditReport> {
  const options = {
    env: gatewayEnvironment(process.env.PATH ?? ''),
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    maxBuffer: outputLimit,
  } as const
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, said) => {
      process.off('exit', endWithUs)
      const report = reportIn(said)
      // A broken record ends with 1 and a report: that is an answer, and no failure to verify.
      if (report && (error === null || error.code === 1)) resolve(report)
      else reject(new Error(`the verifier ended without a report (${whyNot(said) ?? error?.code ?? error?.signal})`))
    })
    const endWithUs = () => void child.kill('SIGKILL')
    process.once('exit', endWithUs)
  })
}

function reportIn(said: string): AuditReport | null {
  const parsed = RecordCheck.safeParse(jsonIn(said))
  if (!parsed.success) return null
  const { problems, ...rest } = parsed.data
  return { ...rest, problems: problems.map(({ through, ...it }) => (through === undefined ? it : { ...it, through })) }
}

/** The code of a failure that the command printed instead of a report. */
function whyNot(said: string): string | null {
  const failure = jsonIn(said) as { error?: { code?: unknown } } | null
  return typeof failure?.error?.code === 'string' ? failure.error.code : null
}

function jsonIn(said: string): unknown {
  try {
    return JSON.parse(said)
  } catch {
    return null
  }
}
