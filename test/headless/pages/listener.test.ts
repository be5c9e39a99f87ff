import { expect, test } from 'vitest'
import { type Answer, ask, sendRaw, upgradeHeaders } from '../../fakes/pages.ts'
import { servedPages } from '../../fakes/served-pages.ts'

/** What every answer of a page's listener must carry, whatever it answers. */
function strictHeaders(port: number) {
  return {
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self' ws://127.0.0.1:${port}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'permissions-policy': expect.stringContaining('camera=()'),
  }
}

function expectStrict({ headers }: Answer, port: number): void {
  expect(headers).toMatchObject(strictHeaders(port))
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-') || name === 'set-cookie')).toEqual([])
}

/** An answer that came as bytes. */
function parsed(text: string): Answer {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ])
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body }
}

test('each page is served with its own files, whoever names them, and none of the others', async () => {
  const { app, approval } = await servedPages()
  const found = async (port: number, paths: string[]) =>
    Promise.all(paths.map(async (path) => `${path} ${(await ask(port, path)).status}`))

  expect((await ask(app, '/')).body).toContain('<title>app</title>')
  expect((await ask(approval, '/')).body).toContain('<title>approval</title>')
  const assets = [
    'app-1a2b.js',
    'approval-1a2b.js',
    'both-3c4d.js',
    'lazy-5e6f.js',
    'style-7a8b.css',
    'inter-9c0d.woff2',
  ]
  const paths = assets.map((name) => `/assets/${name}`)
  expect(await found(app, paths)).toEqual(paths.map((path) => `${path} ${path.includes('approval') ? 404 : 200}`))
  expect(await found(approval, paths)).toEqual(paths.map((path) => `${path} ${/approval|both/.test(path) ? 200 : 404}`))
})

test.each([
  '/app.html',
  '/approval.html',
  '/secret.txt',
  '/assets/orphan-0000.js',
  '/assets/app-1a2b.js.map',
  '/assets/',
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..\\..\\secret.txt',
  '//127.0.0.1/',
  '/?next=/',
  '/socket',
  '/__proto__',
  'http://127.0.0.1/',
  '*',
])('there is no `%s`', async (path) => {
  const { app } = await servedPages()
  const answer = parsed(await sendRaw(app, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${app}\r\n\r\n`))
  expect(answer).toMatchObject({ status: 404, body: 'Not Found\n' })
  expectStrict(answer, app)
})

test.each<[what: string, host: (port: number) => string]>([
  ['a name that was rebound to this machine', (port) => `Host: rebound.example:${port}\r\n`],
  ['localhost, which would be a second origin', (port) => `Host: localhost:${port}\r\n`],
  ['another port', () => 'Host: 127.0.0.1:1\r\n'],
  ['no port', () => 'Host: 127.0.0.1\r\n'],
  ['IPv6', (port) => `Host: [::1]:${port}\r\n`],
  ['the right host with something behind it', (port) => `Host: 127.0.0.1:${port}.example\r\n`],
  ['two hosts', (port) => `Host: 127.0.0.1:${port}\r\nHost: rebound.example\r\n`],
  ['no host', () => ''],
])('a request to %s is refused before anything is said', async (_, host) => {
  const { app, logged } = await servedPages()
  for (const more of ['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n']) {
    for (const path of ['/', '/socket', '/nothing']) {
      const answer = parsed(await sendRaw(app, `GET ${path} HTTP/1.1\r\n${host(app)}${more}\r\n`))
      expect(answer).toMatchObject({ status: 403, body: 'Forbidden\n' })
      expectStrict(answer, app)
    }
  }
  expect(logged.filter((line) => line.includes('another host'))).toHaveLength(1)
})

test('the socket opens to the page of its own origin, and to no other', async () => {
  const { app, approval } = await servedPages()
  const upgrade = (port: number, origin: string | string[] | null, more = {}) =>
    ask(port, '/socket', { headers: { ...upgradeHeaders, ...(origin === null ? {} : { origin }), ...more } })
  const own = (port: number) => `http://127.0.0.1:${port}`

  for (const [port, other] of [
    [app, approval],
    [approval, app],
  ] as const) {
    const strangers = [
      ...[null, 'null', '', own(other), `https://127.0.0.1:${port}`, `http://localhost:${port}`],
      ...['http://127.0.0.1', `${own(port)}/`, `${own(port)}.example`, 'https://page.example', own(port).toUpperCase()],
      [own(port), 'https://page.example'],
    ]
    for (const origin of strangers) {
      const answer = await upgrade(port, origin)
      expect([origin, answer.status, answer.body]).toEqual([origin, 403, 'Forbidden\n'])
      expectStrict(answer, port)
    }
    const opened = await upgrade(port, own(port))
    expect(opened.status).toBe(101)
    expectStrict(opened, port)
  }
  const odd = await upgrade(app, own(app), { 'sec-websocket-version': '7' })
  expect(odd.status).toBe(400)
  expectStrict(odd, app)
  const elsewhere = await ask(app, '/', { headers: { ...upgradeHeaders, origin: own(app) } })
  expect(elsewhere.status).toBe(404)
})

test('another origin gets no file either, and is told nothing that a script could read', async () => {
  const { app, approval } = await servedPages()
  for (const origin of [`http://127.0.0.1:${approval}`, 'https://page.example', 'null']) {
    for (const path of ['/', '/assets/both-3c4d.js', '/nothing']) {
      const answer = await ask(app, path, { headers: { origin } })
      expect(answer.status).toBe(403)
      expectStrict(answer, app)
    }
  }
  expect((await ask(app, '/', { headers: { origin: `http://127.0.0.1:${app}` } })).status).toBe(200)
})

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'])('%s is not a thing here', async (method) => {
  const { app } = await servedPages()
  const answer = await ask(app, '/', { method, headers: { 'access-control-request-method': 'GET' } })
  expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  expectStrict(answer, app)
})

test('pages are kept by nobody, and files with a hash in their name for good', async () => {
  const { app } = await servedPages()
  const page = await ask(app, '/')
  expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
  const font = await ask(app, '/assets/inter-9c0d.woff2')
  expect(font).toMatchObject({ body: 'font', headers: { 'content-type': 'font/woff2' } })
  expect(font.headers['cache-control']).toContain('immutable')
  const head = await ask(app, '/', { method: 'HEAD' })
  expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': page.headers['content-length'] } })
  for (const answer of [page, font, head]) expectStrict(answer, app)
})

test.each([
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['a header that never ends', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, 400],
  ['an expectation', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nExpect: a miracle\r\nConnection: close\r\n\r\n', 200],
])('what is %s is answered like everything else', async (_, bytes, status) => {
  const { app } = await servedPages()
  const answer = parsed(await sendRaw(app, bytes.replace('PORT', String(app))))
  expect(answer.status).toBe(status)
  expectStrict(answer, app)
})

test('a connection that asks for nothing is closed without a word, since a browser would take one for its page', {
  timeout: 30_000,
}, async () => {
  const { app } = await servedPages()
  expect(await sendRaw(app, '')).toBe('')
})
