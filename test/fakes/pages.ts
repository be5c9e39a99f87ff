import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { testFolder } from './folder.ts'

/** Small built pages, as the renderer's build lays them out: a file for each page, one for both, and one for neither. */
export function writePages(folder: string): string {
  mkdirSync(join(folder, 'assets'), { recursive: true })
  const page = (name: string) => `<!doctype html><title>${name}</title><script src="/assets/${name}-1a2b.js"></script>`
  const files = {
    'app.html': page('app'),
    'approval.html': page('approval'),
    'assets/app-1a2b.js': 'import "./both-3c4d.js"; import("./lazy-5e6f.js")',
    'assets/approval-1a2b.js': 'import "./both-3c4d.js"',
    'assets/both-3c4d.js': 'export {}',
    'assets/lazy-5e6f.js': 'import "./style-7a8b.css"',
    'assets/style-7a8b.css': '@font-face { src: url(./inter-9c0d.woff2) }',
    'assets/inter-9c0d.woff2': 'font',
    'assets/orphan-0000.js': 'export {}',
    'assets/app-1a2b.js.map': '{}',
    'secret.txt': 'not for pages',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/**
 * The product as a package of its own with those pages in it: what it serves lies beside its code, and nothing else decides
 * that. Gives the words that run it.
 */
export function packageWithPages(root: string): string[] {
  const folder = testFolder()
  for (const name of ['shared', 'src-main', 'assets', 'package.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writePages(join(folder, 'out', 'renderer'))
  return [process.execPath, join(folder, 'src-main', 'headless', 'main.ts')]
}

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string }

/** One request with exactly these headers, on a connection of its own. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string | string[]> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers }, agent: false })
    asked.once('error', reject)
    asked.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
    })
    asked.once('response', (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.end()
  })
}

/** What the listener says to these bytes, until it ends the connection. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes))
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(said))
  })
}

/** The headers with which a browser asks for a WebSocket. */
export const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': Buffer.alloc(16, 1).toString('base64'),
}

export type Page = Awaited<ReturnType<typeof connectPage>>

/** A page's socket, opened from `origin` (its own, unless told otherwise); every message is kept, in order. */
export async function connectPage(port: number, origin = `http://127.0.0.1:${port}`) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { origin })
  const messages: Record<string, unknown>[] = []
  const waiting: (() => void)[] = []
  const wake = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  let closed = false
  let id = 0
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    wake()
  })
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      closed = true
      wake()
      resolve()
    })
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {
    // A connection that is cut off tells it by closing, which is what tests look at.
  })

  async function next(wanted: (message: Record<string, unknown>) => boolean = () => true) {
    for (;;) {
      const index = messages.findIndex(wanted)
      if (index >= 0) return messages.splice(index, 1)[0] as Record<string, unknown>
      if (closed) throw new Error('the connection ended')
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  return {
    socket,
    ended,
    messages,
    next,
    send: (line: unknown) => socket.send(typeof line === 'string' ? line : JSON.stringify(line)),
    /** Greets with the nonce of a link, and gives the welcome. */
    async signIn(nonce: string) {
      socket.send(JSON.stringify({ sign_in: nonce }))
      return next()
    },
    async resume(session: string) {
      socket.send(JSON.stringify({ session }))
      return next()
    },
    /** One call, and its reply. */
    async call(call: string, input: object = {}) {
      id += 1
      const own = id
      socket.send(JSON.stringify({ id: own, call, input }))
      return next((message) => message.id === own)
    },
  }
}

/** Origin, port and nonce of a sign-in link. */
export function partsOf(link: string): { port: number; nonce: string; at: string | null } {
  const { port, hash } = new URL(link)
  const fragment = new URLSearchParams(hash.slice(1))
  return { port: Number(port), nonce: fragment.get('sign-in') ?? '', at: fragment.get('at') }
}
