import { type PageWelcome, pageSocketPath, signInFragment } from '../../shared/page-link.ts'
import { DemoError } from './expect.ts'

/** What a page of the app asks and hears, over the same socket that it has in a browser. */
export type DemoPage = { call: <T>(name: string, input: object) => Promise<T>; close: () => void }

type Reply = { id: number; ok: true; value: unknown } | { id: number; ok: false; code: string; message: string }

/** Follows a sign-in link as the page behind it does. Throws `DemoError` when it is refused. */
export async function openLink(link: string): Promise<DemoPage> {
  const { origin, hash } = new URL(link)
  const socket = pageSocket(origin)
  const waiting = new Map<number, (reply: Reply) => void>()
  const welcome = Promise.withResolvers<PageWelcome>()
  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ sign_in: new URLSearchParams(hash.slice(1)).get(signInFragment) }))
  })
  socket.addEventListener('close', () => welcome.reject(new DemoError('the page was not let in')))
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data))
    if ('session' in message || 'hint' in message) welcome.resolve(message)
    if ('id' in message) waiting.get(message.id)?.(message)
  })
  const answer = await welcome.promise
  if (!answer.ok) throw new DemoError(`the page was not let in: ${answer.message}`)
  let last = 0
  return {
    async call<T>(name: string, input: object): Promise<T> {
      const id = ++last
      const reply = await new Promise<Reply>((resolve) => {
        waiting.set(id, resolve)
        socket.send(JSON.stringify({ id, call: name, input }))
      })
      if (!reply.ok) throw new DemoError(`\`${name}\` is refused: ${reply.message}`)
      return reply.value as T
    },
    close: () => socket.close(),
  }
}

/** A socket that says which page it belongs to, as a browser does; that of Node takes headers, which its types do not know. */
function pageSocket(origin: string): WebSocket {
  const options: unknown = { headers: { origin } }
  return new WebSocket(`${origin.replace(/^http/, 'ws')}${pageSocketPath}`, options as string[])
}
