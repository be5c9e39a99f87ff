import { lookup } from 'node:dns'
import { createServer, type IncomingMessage, request as requestOver, type ServerResponse } from 'node:http'
import { connect, isIP, type LookupFunction, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { AddressRefused, reachOf } from '../../upstream/http/address-guard.ts'

/** Sockets for one process at a time, two for each tunnel. */
const mostSockets = 512
const connectMs = 30_000
/** Names that are remembered as told; a process may ask for any number. */
const mostTold = 100

/** Headers between the process and us (RFC 9110, 7.6.1), and those that are ours to set. */
const ownHeaders = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host)$/i

/** The only way out of one sandbox. */
export type Egress = {
  /** From now on only these hosts; null: all there are. What leads elsewhere is cut off at once. */
  allow: (hosts: readonly string[] | null) => void
  close: () => void
}

type Say = (status: number, text: string) => void

/** A host that may be reached, as sockets take it. */
type Target = { host: string; port: number }

/**
 * An HTTP proxy for one process, which asks by name and never sees an address: names are looked up here, and those that lead to
 * this machine or a private network are refused unless the list names that very address too, so that a name which comes to mean
 * another place leads nowhere. `refused` hears once of each host that was refused.
 */
export function createEgress(listener: Server, refused: (host: string, why: string) => void): Egress {
  let allowed: readonly string[] | null = []
  const open = new Map<Duplex, string>()
  const told = new Set<string>()
  const proxy = createServer(pass)
  proxy.on('connect', tunnel)
  // A broken request is the process's own affair.
  proxy.on('clientError', (_error, socket) => socket.destroy())
  proxy.on('error', () => {})
  // Those that ask for nothing are sockets too.
  proxy.maxConnections = mostSockets
  proxy.listen(listener)

  /** Why not, in words, or null. */
  function refusal(host: string): string | null {
    if (allowed !== null && !allowed.includes(host)) return 'it is not among the hosts that the rules allow'
    if (isIP(host) !== 0 && reachOf(host) === null) return 'no server is ever connected to such an address'
    return open.size >= mostSockets ? `it has ${mostSockets} sockets open already` : null
  }

  function note(host: string, why: string): string {
    if (!told.has(host) && told.size < mostTold) {
      told.add(host)
      refused(host.slice(0, 255), why)
    }
    return `Toolgate does not let this server reach ${host.slice(0, 255)}: ${why}\n`
  }

  /** Only where the host may lead; the socket connects to exactly what is found here. */
  const lookupAllowed: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [])
      const fit = found.filter(({ address }) => mayLeadTo(address, allowed))
      const [first] = fit
      if (!first) return callback(new AddressRefused('it leads to this machine or a private network'), [])
      if (options.all) callback(null, fit)
      else callback(null, first.address, first.family)
    })
  }

  function keep(host: string, ...ends: Duplex[]): void {
    for (const end of ends) {
      open.set(end, host)
      end.once('close', () => {
        open.delete(end)
        for (const other of ends) other.destroy()
      })
    }
  }

  function tunnel(request: IncomingMessage, client: Duplex, head: Buffer): void {
    client.on('error', () => client.destroy())
    const target = targetOf(`http://${request.url ?? ''}`)
    if (!target) return void client.end(answer('400 Bad Request', 'CONNECT needs a host and a port\n'))
    const why = refusal(target.host)
    if (why) return void client.end(answer('403 Forbidden', note(target.host, why)))
    const server = connect({ ...target, lookup: lookupAllowed, timeout: connectMs })
    keep(target.host, client, server)
    server.once('timeout', () => server.destroy())
    server.once('error', (error) => client.end(failure(target.host, error)))
    server.once('connect', () => {
      server.setTimeout(0)
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      server.write(head)
      server.pipe(client).pipe(server)
    })
  }

  /** What becomes of a connection that could not be made, without more than the process needs to know. */
  function failure(host: string, error: Error): string {
    if (error instanceof AddressRefused) return answer('403 Forbidden', note(host, error.message))
    return answer(
      '502 Bad Gateway',
      `the host cannot be reached (${(error as NodeJS.ErrnoException).code ?? 'ERROR'})\n`,
    )
  }

  function pass(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url?.startsWith('http://') ? targetOf(request.url) : null
    const say: Say = (status, text) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(text)
    }
    const why = target && refusal(target.host)
    if (!target) say(400, 'this is a proxy: the request needs the whole address, http://…\n')
    else if (why) say(403, note(target.host, why))
    else send(target, request, response, say)
  }

  function send(target: Target, request: IncomingMessage, response: ServerResponse, say: Say): void {
    const url = new URL(request.url ?? '')
    const onward = requestOver({
      ...target,
      ...{ method: request.method, path: `${url.pathname}${url.search}`, lookup: lookupAllowed, agent: false },
      // Whom it is meant for is what was asked for, never what a header says.
      headers: { ...passed(request.headers), host: url.host, connection: 'close' },
    })
    onward.once('socket', (socket: Socket) => keep(target.host, socket))
    onward.once('error', (error) => {
      const refusing = error instanceof AddressRefused
      say(refusing ? 403 : 502, refusing ? note(target.host, error.message) : 'the host cannot be reached\n')
    })
    onward.once('response', (answered) => {
      response.writeHead(answered.statusCode ?? 502, { ...passed(answered.headers), connection: 'close' })
      answered.once('error', () => response.destroy())
      answered.pipe(response)
    })
    response.once('close', () => onward.destroy())
    request.pipe(onward)
  }

  return {
    allow(hosts) {
      allowed = hosts
      if (hosts === null) return
      for (const [end, host] of open) if (!hosts.includes(host)) end.destroy()
    },
    close() {
      proxy.close()
      proxy.closeAllConnections()
      for (const end of open.keys()) end.destroy()
    },
  }
}

/** The internet; of this machine and private networks only an address that is itself on the list. Without a list any place. */
function mayLeadTo(address: string, allowed: readonly string[] | null): boolean {
  const reach = reachOf(address)
  return reach !== null && (allowed === null || reach === 'internet' || allowed.includes(address))
}

/** Host and port of an address; null for what is none. */
function targetOf(text: string): Target | null {
  if (!URL.canParse(text)) return null
  const { hostname, port, username, password } = new URL(text)
  if (hostname === '' || username !== '' || password !== '') return null
  return { host: hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''), port: Number(port === '' ? 80 : port) }
}

function passed(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.test(name)))
}

function answer(status: string, text: string): string {
  const length = Buffer.byteLength(text)
  return `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${text}`
}
