import { createServer, request } from 'node:http'

/** A forwarder that runs; `port` is its own. */
export type Forwarder = { port: number; close: () => void }

/**
 * The suite knows no tokens: this adds one to what it sends, and passes all else on unchanged. Host and Origin are translated
 * only where they name the forwarder itself, since the gateway has another port; what is wrong with them stays wrong, and is
 * for the gateway to judge.
 */
export function startForwarder(target: number, token: string): Promise<Forwarder> {
  const server = createServer((req, res) => {
    const { port } = server.address() as { port: number }
    const headers = req.rawHeaders.map((value, index) => {
      const name = req.rawHeaders[index - 1]?.toLowerCase()
      if (index % 2 === 0 || (name !== 'host' && name !== 'origin')) return value
      return value.replace(new RegExp(`^((?:http://)?(?:127\\.0\\.0\\.1|localhost)):${port}$`), `$1:${target}`)
    })
    const onward = request({
      ...{ host: '127.0.0.1', port: target, agent: false, setDefaultHeaders: false },
      ...{ method: req.method ?? 'GET', path: req.url ?? '/' },
      headers: [...headers, 'Authorization', `Bearer ${token}`],
    })
    onward.once('response', (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      res.flushHeaders()
      answer.pipe(res)
      answer.once('error', () => res.destroy())
    })
    onward.once('error', () => res.destroy())
    // Who leaves here leaves there too: in the stateless generation that cancels.
    res.once('close', () => onward.destroy())
    req.pipe(onward)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      resolve({
        port,
        close: () => {
          server.close()
          server.closeAllConnections()
        },
      })
    })
  })
}
