import type { Socket } from 'node:net'

/** Lines as they arrive; `next` rejects once the socket has ended or a line outgrew the limit. */
export type Lines = { next: () => Promise<string>; limit: (bytes: number) => void }

/** Cuts what a socket sends into lines, none longer than `limit` bytes. */
export function readLines(socket: Socket, limit: number): Lines {
  const ready: string[] = []
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = []
  const parts: Buffer[] = []
  let size = 0
  let longest = limit
  let failure: Error | null = null

  const fail = (error: Error) => {
    failure ??= error
    for (const { reject } of waiting.splice(0)) reject(failure)
  }
  const deliver = () => {
    const line = Buffer.concat(parts.splice(0)).toString('utf8')
    size = 0
    const next = waiting.shift()
    if (next) next.resolve(line)
    else ready.push(line)
  }
  socket.on('data', (chunk: Buffer) => {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end))
      deliver()
      start = end + 1
    }
    parts.push(chunk.subarray(start))
    size += chunk.length - start
    if (size > longest) socket.destroy(new Error('a line is too long'))
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection ended')))

  return {
    limit: (bytes) => {
      longest = bytes
    },
    next: () =>
      new Promise((resolve, reject) => {
        const line = ready.shift()
        if (line !== undefined) resolve(line)
        else if (failure) reject(failure)
        else waiting.push({ resolve, reject })
      }),
  }
}
