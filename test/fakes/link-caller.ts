import { createHmac, randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { callerProofText, gatewayProofText } from '../../shared/link.ts'

type Spoken = { hello?: object | string; secret?: string; proof?: string; after?: string | Buffer }

/** A caller of the gateway's socket that can say anything; it collects all that it is told. */
export type LinkCaller = {
  socket: Socket
  /** The next line that was not asked for yet; rejects when the gateway closes instead. */
  line: () => Promise<string>
  /** Everything that came and was not asked for, once the gateway has closed. */
  rest: () => Promise<Buffer>
}

/** Connects, and says nothing yet. */
export async function callSocket(path: string): Promise<LinkCaller> {
  const socket = connect({ path, allowHalfOpen: true })
  let came = Buffer.alloc(0)
  let ended = false
  let wake = (): void => {}
  socket.on('data', (chunk: Buffer) => {
    came = Buffer.concat([came, chunk])
    wake()
  })
  const finish = (): void => {
    ended = true
    wake()
  }
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  socket.on('end', finish).on('close', finish).on('error', finish)
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })
  return {
    socket,
    async line() {
      while (came.indexOf('\n') < 0) {
        if (ended) throw new Error('the gateway closed')
        await change()
      }
      const end = came.indexOf('\n')
      const line = came.toString('utf8', 0, end)
      came = came.subarray(end + 1)
      return line
    },
    async rest() {
      while (!ended) await change()
      return came
    },
  }
}

const hmac = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex')

/** A shim's hello with fields replaced. */
export function helloWith(fields: object): object {
  const nonce = randomBytes(32).toString('hex')
  return { toolgate: 1, role: 'shim', key: 'shim', nonce, pid: process.pid, server: 'files', name: 'test', ...fields }
}

/** Shakes hands, with whatever of it replaced, and gives the gateway's verdict and how it went. */
export async function shake(path: string, { hello = helloWith({}), secret = 'a', proof, after = '' }: Spoken = {}) {
  const caller = await callSocket(path)
  const text = typeof hello === 'string' ? hello : JSON.stringify(hello)
  caller.socket.write(`${text}\n`)
  const challenge = JSON.parse(await caller.line()) as { nonce: string; proof: string }
  const { nonce } = JSON.parse(text) as { nonce: string }
  const own = proof ?? hmac(secret, callerProofText(nonce, challenge.nonce, text))
  caller.socket.write(Buffer.concat([Buffer.from(`${JSON.stringify({ proof: own })}\n`), Buffer.from(after)]))
  const verdict = JSON.parse(await caller.line()) as { ok: boolean; code?: string; message?: string }
  const proven = challenge.proof === hmac(secret, gatewayProofText(nonce, challenge.nonce))
  return { ...caller, challenge, proof: own, verdict, proven }
}
