import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pageResponse } from '../../src-main/electron/page-response.ts'
import { readBuiltPages } from '../../src-main/host/built-pages.ts'
import { writePages } from '../fakes/built-pages.ts'
import { testFolder } from '../fakes/folder.ts'

function built() {
  const folder = join(testFolder(), 'renderer')
  writePages(folder)
  writeFileSync(join(folder, '..', 'secret.js'), 'secret')
  writeFileSync(join(folder, 'assets', 'notes.txt'), 'not for pages')
  mkdirSync(join(folder, 'assets', 'inner'))
  writeFileSync(join(folder, 'assets', 'inner', 'x.js'), 'x')
  const pages = readBuiltPages(folder)
  if (!pages) throw new Error('the pages were not found')
  return pages
}

const get = (url: string, door: 'app' | 'approval' = 'app', method = 'GET') => {
  const { status, headers, body } = pageResponse({ method, url }, door, built()[door])
  return { status, headers, text: body === null ? null : Buffer.from(body).toString() }
}

test('each page gets its own files', () => {
  expect(get('toolgate://app/')).toMatchObject({ status: 200, text: expect.stringContaining('app-1.js') })
  expect(get('toolgate://app/#/activity').status).toBe(200)
  expect(get('toolgate://approval/', 'approval').text).toContain('approval-2.js')
  const script = get('toolgate://app/assets/app-1.js')
  expect(script).toMatchObject({ status: 200, text: "import './shared-3.js'" })
  expect(script.headers).toMatchObject({
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': 'private, max-age=31536000, immutable',
  })
  expect(get('toolgate://app/', 'app', 'HEAD')).toMatchObject({ status: 200, text: null })
})

test.each([
  ['toolgate://app/../secret.js', 404],
  ['toolgate://app/%2e%2e/secret.js', 404],
  ['toolgate://app/assets/..%2f..%2fsecret.js', 404],
  ['toolgate://app/assets/..%5c..%5csecret.js', 404],
  ['toolgate://app//etc/passwd', 404],
  ['toolgate://app/assets/', 404],
  ['toolgate://app/assets/notes.txt', 404],
  ['toolgate://app/assets/inner/x.js', 404],
  ['toolgate://app/app.html', 404],
  ['toolgate://app/approval.html', 404],
  ['toolgate://app/assets/approval-2.js', 404],
  ['toolgate://app/__proto__', 404],
  ['toolgate://app/?x=1', 404],
  ['toolgate://approval/', 403],
  ['toolgate://app@approval/', 403],
  ['toolgate://app:1/', 403],
  ['file:///etc/passwd', 403],
  ['nonsense', 403],
])('%s is not served (%i)', (url, status) => {
  expect(get(url)).toMatchObject({ status, text: null })
})

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not served', (method) => {
  expect(get('toolgate://app/', 'app', method)).toMatchObject({ status: 405, text: null })
})

test('every answer, refusals too, keeps the page to itself', () => {
  for (const { headers } of [get('toolgate://app/'), get('toolgate://app/x'), get('toolgate://approval/')]) {
    expect(headers['Content-Security-Policy']?.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      "img-src 'self' data:",
      "connect-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ])
    expect(headers).toMatchObject({
      'X-Frame-Options': 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    })
    expect(Object.keys(headers).filter((name) => /^access-control/i.test(name))).toEqual([])
  }
})

test('pages that were not built are said to be missing', () => {
  expect(readBuiltPages(testFolder())).toBeNull()
})
