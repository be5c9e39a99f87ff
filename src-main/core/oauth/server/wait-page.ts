import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { printable } from '../../../../shared/printable.ts'
import type { Way } from '../../origins.ts'
import type { Consent } from './consents.ts'

const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--muted:#57606a;--canvas:#f6f8fa;--surface:#fff;--line:#d0d7de;--accent:#2f5fd0}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--muted:#9aa4af;--canvas:#0d1117;--surface:#161b22;--line:#30363d;--accent:#7aa2ff}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--canvas);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
main{box-sizing:border-box;width:min(440px,calc(100vw - 32px));padding:28px;background:var(--surface);border:1px solid var(--line);border-radius:8px}
h1{margin:0 0 12px;font-size:22px;line-height:1.25;overflow-wrap:anywhere}
p{margin:0 0 12px;overflow-wrap:anywhere}p:last-child{margin:0}
.muted{color:var(--muted)}.wait{color:var(--accent);font-weight:600}
code{font:13px/1.4 ui-monospace,monospace;white-space:nowrap}
.code{margin:0 0 12px;padding:12px;border:1px solid var(--line);border-radius:6px;background:var(--canvas);text-align:center}
.code code{display:block;font-size:28px;font-weight:600;letter-spacing:.08em}`

/**
 * Asks until there is an answer, then goes on; it can neither see nor give one. Each question is answered late, when nothing comes of it, and
 * still there is a pause after it: it must not ask without end where the answer is another one. 400: the page says why it is over.
 */
const script = `
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const wait = async () => {
  for (;;) {
    try {
      const answer = await fetch(location.pathname + '/wait')
      if (answer.status === 400 || (answer.ok && (await answer.json()).answered)) return location.reload()
      await pause(answer.ok ? 1000 : 5000)
    } catch {
      document.querySelector('[role=status]').textContent = 'Toolgate does not answer. Start again in the app.'
      return
    }
  }
}
void wait()`

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** What a page of the authorization server may do: show words, and ask this server. Nobody may frame it. */
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Headers of every answer to a browser or a client: nothing is kept, guessed at, framed, or told to where it leads. */
export const oauthHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': policy,
}

/**
 * The page in the browser while an app waits: the answer is given elsewhere. Whoever came by the public origin does not sit where it is given,
 * so a code that both see says whose request it is.
 */
export function sendWaitPage(res: ServerResponse, { app, code, publicOrigin }: Consent): void {
  const name = escaped(app)
  if (publicOrigin === null) {
    send(
      res,
      200,
      'Look at Toolgate',
      `<h1>Look at Toolgate</h1>
<p><b>${name}</b> asks to use tools through Toolgate. You answer in Toolgate, not on this page.</p>
<p class="wait" role="status">Waiting for your answer…</p>
<p class="muted">No window came up? Open Toolgate and go to the approval page, or answer in a terminal: <code>toolgate apps list</code>. If you did not start this, close this page and deny it there.</p>`,
      true,
    )
    return
  }
  send(
    res,
    200,
    'Ask for a yes',
    `<h1>Ask whoever answers at Toolgate</h1>
<p><b>${name}</b> asks to use tools through Toolgate. A person at the machine of <b>${new URL(publicOrigin).host}</b> answers there, not on this page. Tell them this code:</p>
<p class="code"><code>${code}</code></p>
<p class="wait" role="status">Waiting for their answer…</p>
<p class="muted">They see the same code beside your request, and may not have noticed it: you have ten minutes. If you did not start this, close this page and tell nobody the code.</p>`,
    true,
  )
}

/** A page that says why an authorization goes no further. Nothing in it is a link: where it would lead is not known to be safe. */
export function sendProblemPage(res: ServerResponse, status: number, why: string, { publicOrigin }: Way): void {
  const words = escaped(why)
  const ask = '<code>toolgate doctor</code> says how Toolgate is doing'
  send(
    res,
    status,
    'This app was not connected',
    `<h1>This app was not connected</h1>
<p>${words}</p>
<p class="muted">Start again in the app. If this keeps happening, ${publicOrigin === null ? ask : 'ask whoever runs Toolgate'}.</p>`,
    false,
  )
}

function send(res: ServerResponse, status: number, title: string, main: string, waits: boolean): void {
  if (res.headersSent || res.destroyed) return
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · Toolgate</title>
<style>${style}</style></head><body><main>${main}</main>${waits ? `<script>${script}</script>` : ''}</body></html>`
  const bytes = Buffer.from(page)
  res.writeHead(status, {
    ...oauthHeaders,
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(bytes.length),
  })
  res.end(bytes)
}

/** Text of somebody else within HTML, with what is hidden in it made visible. */
function escaped(text: string): string {
  return printable(text)
    .slice(0, 400)
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
