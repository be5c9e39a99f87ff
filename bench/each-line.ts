/** Calls `onLine` with each whole line of a stream; the floor of what any program on a stdio transport must do. */
export function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let parts: Buffer[] = []
  stream.on('data', (chunk: Buffer) => {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end))
      start = end + 1
      const line = parts.length === 1 ? String(parts[0]) : String(Buffer.concat(parts))
      parts = []
      if (line !== '') onLine(line)
    }
    if (start < chunk.length) parts.push(chunk.subarray(start))
  })
}
