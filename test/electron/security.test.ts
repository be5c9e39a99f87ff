import type { Session, WebContents } from 'electron'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { desktopArguments, refusedSwitches } from '../../src-main/electron/arguments.ts'
import { externalUrl } from '../../src-main/electron/external-url.ts'
import { doorOf, pageAddress } from '../../src-main/electron/page-address.ts'
import { hardenContents, hardenSession, pagePreferences } from '../../src-main/electron/security.ts'
import { BrowserWindow, FakeSession } from '../fakes/electron.ts'

const warnings: string[] = []
const log = { info: () => {}, error: () => {}, warn: (message: string) => void warnings.push(message) }

beforeEach(() => void warnings.splice(0))

describe('addresses', () => {
  test('each door has an address that is its own', () => {
    expect(pageAddress('app')).toBe('toolgate://app/')
    expect(doorOf('toolgate://app/')).toBe('app')
    expect(doorOf('toolgate://app/#/activity')).toBe('app')
    expect(doorOf(pageAddress('approval', '/servers/files'))).toBe('approval')
  })

  test.each([
    'toolgate://approval.evil/',
    'toolgate://evil/',
    'toolgate://app@evil/',
    'toolgate://user@approval/',
    'toolgate://approval:80/',
    'toolgate:approval/',
    'toolgate:///approval/',
    'https://approval/',
    'https://toolgate.example/#toolgate://approval/',
    'data:text/html,toolgate://approval/',
    'about:blank',
    'file:///approval/',
    'not an address',
    '',
  ])('%s is no door', (address) => expect(doorOf(address)).toBeNull())

  test('only plain https leaves for the browser', () => {
    expect(externalUrl('https://example.org/a?b#c')).toBe('https://example.org/a?b#c')
    const others = [
      'http://example.org/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://share/x',
      'ms-msdt:/id',
      'https://user:secret@example.org/',
      `https://example.org/${'a'.repeat(2000)}`,
      'https:',
      'example.org',
    ]
    expect(others.map(externalUrl)).toEqual(others.map(() => null))
  })
})

describe('a command line', () => {
  test('names the profile and whether a window is wanted', () => {
    expect(desktopArguments(['.', '--profile', '/p', '--hidden'])).toEqual({ profile: '/p', hidden: true })
    expect(desktopArguments(['--profile=/p'])).toEqual({ profile: '/p', hidden: false })
    expect(desktopArguments(['--no-sandbox', '--profile'])).toEqual({ profile: undefined, hidden: false })
    expect(desktopArguments(['--profile', '--hidden'])).toEqual({ profile: undefined, hidden: true })
  })

  test('is refused by an installed app when it lets others drive the pages', () => {
    const bad = [
      '--remote-debugging-port=9222',
      '--remote-debugging-pipe',
      '--inspect',
      '--inspect-brk=0',
      '--js-flags=-x',
    ]
    expect(refusedSwitches([...bad, '--hidden', '--no-sandbox', '--profile', 'inspect'])).toEqual([
      '--remote-debugging-port',
      '--remote-debugging-pipe',
      '--inspect',
      '--inspect-brk',
      '--js-flags',
    ])
  })
})

test('a page runs in a sandbox, apart from Node and from its preload', () => {
  const preferences = pagePreferences('/preload.cjs', new FakeSession('x') as unknown as Session)
  expect(preferences).toMatchObject({
    preload: '/preload.cjs',
    sandbox: true,
    contextIsolation: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    devTools: false,
    plugins: false,
    allowRunningInsecureContent: false,
    navigateOnDragDrop: false,
  })
})

describe('a session', () => {
  const session = new FakeSession('x')
  hardenSession(session as unknown as Session, 'approval', log)
  const asked = <T>(name: string, ...given: unknown[]): T => (session.set[name] as (...all: unknown[]) => T)(...given)
  const contents = { getURL: () => 'toolgate://approval/' }
  const permitted = (permission: string, from = contents) => {
    const answer = vi.fn()
    asked('permission', from, permission, answer)
    return answer.mock.calls[0]?.[0]
  }

  test('grants no permission but that to copy text, and that to its own page only', () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fullscreen',
      'hid',
    ])
      expect([permission, permitted(permission)]).toEqual([permission, false])
    expect(permitted('clipboard-sanitized-write')).toBe(true)
    expect(permitted('clipboard-sanitized-write', { getURL: () => 'toolgate://app/' })).toBe(false)
    expect(asked('check', null, 'media', 'toolgate://approval/')).toBe(false)
    expect(asked('check', null, 'clipboard-sanitized-write', 'toolgate://approval')).toBe(true)
    expect(asked('check', null, 'clipboard-sanitized-write', 'https://evil.example/')).toBe(false)
    expect(asked('device')).toBe(false)
  })

  test('shares no screen, pairs no device, spells nothing, downloads nothing', () => {
    const screen = vi.fn()
    asked('display', {}, screen)
    expect(screen).toHaveBeenCalledWith(null)
    const pairing = vi.fn()
    asked('bluetooth', {}, pairing)
    expect(pairing).toHaveBeenCalledWith({ confirmed: false })
    expect(session.spellChecker).toBe(false)
    const download = { preventDefault: vi.fn() }
    session.emit('will-download', download)
    expect(download.preventDefault).toHaveBeenCalled()
  })

  test.each([
    ['toolgate://approval/', false],
    ['toolgate://approval/assets/a.js', false],
    ['data:image/png;base64,AA==', false],
    ['toolgate://app/', true],
    ['https://example.org/', true],
    ['http://127.0.0.1:4780/mcp/files', true],
    ['ws://127.0.0.1:4780/socket', true],
    ['file:///etc/passwd', true],
    ['devtools://devtools/x', true],
  ])('a request for %s is cancelled: %s', (url, cancel) => {
    const answer = vi.fn()
    asked('request', { url }, answer)
    expect(answer).toHaveBeenCalledWith({ cancel })
  })
})

describe.each(['app', 'approval'] as const)('the page of %s', (door) => {
  const opened: string[] = []
  const webPreferences = { session: new FakeSession('x') }
  const { webContents } = new BrowserWindow({ webPreferences })
  hardenContents(webContents as unknown as WebContents, door, { open: (url) => opened.push(url), log })

  test('goes nowhere else, and nothing is framed in it', () => {
    const to = (url: string, isMainFrame = true) => webContents.allows('will-frame-navigate', { url, isMainFrame })
    expect(to(pageAddress(door, '/x'))).toBe(true)
    expect(to(pageAddress(door), false)).toBe(false)
    for (const url of [
      'https://example.org/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'about:blank',
      'data:text/html,x',
    ])
      expect([url, to(url)]).toEqual([url, false])
    expect(to(pageAddress(door === 'app' ? 'approval' : 'app'))).toBe(false)
    expect(webContents.allows('will-redirect', { url: 'https://example.org/', isMainFrame: true })).toBe(false)
    expect(webContents.allows('will-attach-webview')).toBe(false)
    expect(warnings.length).toBeGreaterThan(5)
  })

  test('opens no window; a web address leaves for the browser, from the app only', () => {
    for (const url of ['https://example.org/', 'http://example.org/', 'file:///x', pageAddress('approval')])
      expect(webContents.openHandler({ url })).toEqual({ action: 'deny' })
    expect(opened).toEqual(door === 'app' ? ['https://example.org/'] : [])
  })
})
