import type { ClientRequest } from 'node:http'
import { begin, bothForms, legacyClient, messagesOf, modernHeaders, modernMeta, send } from '../fakes/http-client.ts'
import { connectClient, outcomeOf } from '../fakes/raw-client.ts'

/** What became of a call: the outcome in one word, `cancelled` when it was taken back without an answer, `gone` with its client. */
export type Fate = string

/** A call that was sent. */
export type Flying = { fate: Promise<Fate>; text: Promise<string>; cancel: () => void }

/** One connection of a client to a server, by whatever door. */
export type LoadWire = {
  call: (tool: string, args: object) => Flying
  /** Is gone from one moment to the next. */
  vanish: () => Promise<void>
  /** Says goodbye, as far as its door knows one. */
  leave: () => Promise<void>
}

type Where = { profile: string; port: number; token: string; server: string }

function told(line: string): { outcome: string; text: string } {
  return outcomeOf(JSON.parse(line))
}

/** Ends a call early for the one who waits: with an answer that comes nevertheless nobody is concerned. */
function flying(answer: Promise<string>, cancel: (fated: (fate: Fate) => void) => void): Flying {
  const early = Promise.withResolvers<Fate>()
  const fate = answer.then(
    (line) => told(line).outcome,
    () => 'gone',
  )
  const text = answer.then((line) => told(line).text)
  text.catch(() => {})
  return { fate: Promise.race([fate, early.promise]), text, cancel: () => cancel(early.resolve) }
}

/** Through a shim; to vanish is a SIGKILL. */
export async function shimWire({ profile, server }: Where): Promise<LoadWire> {
  const client = connectClient(profile, server)
  const closed = new Promise<void>((resolve) => client.process.once('close', () => resolve()))
  let count = 0
  await client.initialize()
  return {
    call(tool, args) {
      const id = `load-${++count}`
      const params = { name: tool, arguments: args }
      client.write(JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }))
      const line = client.line((candidate) => candidate.includes(`"id":"${id}"`))
      // Over stdio a cancelled call is not answered.
      return flying(line.then(String), (fated) => {
        client.notify('notifications/cancelled', { requestId: id })
        fated('cancelled')
      })
    },
    async vanish() {
      client.process.kill('SIGKILL')
      await closed
    },
    leave: () => client.close(),
  }
}

/** Answers of HTTP requests, and all that are open. */
function poster(port: number, path: string) {
  const open = new Set<ClientRequest>()
  return {
    post(headers: Record<string, string | undefined>, body: string) {
      const { req, response } = begin(port, 'POST', path, headers, body)
      open.add(req)
      const answer = response
        .then(async (res) => {
          const parts: Buffer[] = []
          for await (const part of res as AsyncIterable<Buffer>) parts.push(part)
          const body = Buffer.concat(parts).toString('utf8')
          const [last] = messagesOf({ status: 0, headers: res.headers, body }).slice(-1)
          if (last === undefined) throw new Error('the connection ended')
          return last
        })
        .finally(() => open.delete(req))
      answer.catch(() => {})
      return { req, response, answer }
    },
    cut() {
      for (const req of open) req.destroy()
    },
  }
}

/** Through the HTTP door with a session. Who leaves forgets it there, until the token ends; who vanishes is cleaned up after. */
export async function legacyWire({ port, token, server }: Where): Promise<LoadWire> {
  const client = await legacyClient(port, token, server)
  if (client.session === '') throw new Error(`no session: ${client.first.status} ${client.first.body}`)
  const { post, cut } = poster(port, client.path)
  let count = 0
  return {
    call(tool, args) {
      const id = ++count
      const params = { name: tool, arguments: args }
      const { response, answer } = post(
        client.headers,
        JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }),
      )
      return flying(answer, () => {
        const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } }
        // On a connection of its own it could be there before the call, and would then mean nothing.
        void response.then(() => client.post(JSON.stringify(cancelled))).catch(() => {})
      })
    },
    async vanish() {
      cut()
      await send(port, 'DELETE', client.path, client.headers)
    },
    leave: async () => cut(),
  }
}

/** Through the HTTP door without sessions: to cancel is to close the stream. */
export async function modernWire({ port, token, server }: Where): Promise<LoadWire> {
  const { post, cut } = poster(port, `/mcp/${server}`)
  return {
    call(tool, args) {
      const params = { _meta: modernMeta, name: tool, arguments: args }
      const headers = { ...modernHeaders(token, 'tools/call', tool), accept: bothForms }
      const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
      const { req, answer } = post(headers, text)
      return flying(answer, (fated) => {
        req.destroy()
        fated('cancelled')
      })
    },
    vanish: async () => cut(),
    leave: async () => cut(),
  }
}
