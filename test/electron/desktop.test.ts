import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { platformAuthentication } from '../../src-main/electron/ports/authenticate.ts'
import { readHostRecord } from '../../src-main/host/host-record.ts'
import { packageFolder } from '../../src-main/host/version.ts'
import { addNotes, desktopFolders, pageIn, startHost } from '../fakes/desktop-host.ts'
import { app, desktop, session, systemPreferences } from '../fakes/electron.ts'
import { startGateway } from '../fakes/gateway.ts'
import { processesWith, until } from '../fakes/processes.ts'
import { connectClient } from '../fakes/raw-client.ts'

vi.mock('electron', () => import('../fakes/electron.ts'))

const appPage = () => pageIn(desktop.window('app'))
const approvalPage = () => pageIn(desktop.window('approval'))

/** A client whose call waits for a person. */
async function waitingCall(profile: string, text = 'a') {
  const client = connectClient(profile, 'notes')
  await client.initialize()
  const outcome = client.call('write_note', { text })
  await until('the call waits', () => desktop.window('approval').visible)
  return { client, outcome }
}

test('starts with its page in a window, everything private to the profile', async () => {
  const { profile } = await startHost()
  const { webContents, options, visible } = desktop.window('app')
  expect(visible).toBe(true)
  expect(webContents.loaded).toMatchObject({ status: 200, body: expect.stringContaining('app-1.js') })
  expect(options).toMatchObject({ width: 1280, height: 800, minWidth: 900, minHeight: 600 })
  expect(options.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
  expect(options.webPreferences.preload).toBe(join(packageFolder(), 'out', 'electron', 'preload.cjs'))

  const approval = desktop.window('approval')
  expect(approval.visible).toBe(false)
  expect(approval.webContents.loaded?.body).toContain('approval-2.js')
  expect(approval.options.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true })
  expect(approval.options.webPreferences.session).not.toBe(options.webPreferences.session)

  expect(desktop.schemes).toEqual([
    { scheme: 'toolgate', privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true } },
  ])
  expect(desktop.sandbox).toBe(true)
  expect(desktop.paths).toEqual({ userData: join(profile, 'desktop'), sessionData: join(profile, 'desktop') })
  expect(await appPage().call('status')).toMatchObject({ profile, stopped: false, approvals: 0 })
  expect(readHostRecord(profile)).toMatchObject({
    command: process.execPath,
    args: [packageFolder().replace(/\/$/, ''), '--hidden', '--profile', profile],
  })
})

test('each session serves its own page only', async () => {
  await startHost()
  const fetched = async (name: string, url: string) => (await session.fromPartition(name).fetch(url)).status
  expect(await fetched('persist:app', 'toolgate://app/')).toBe(200)
  expect(await fetched('persist:app', 'toolgate://approval/')).toBe(403)
  expect(await fetched('approval', 'toolgate://approval/')).toBe(200)
  expect(await fetched('approval', 'toolgate://app/')).toBe(403)
})

test('a held call brings the window up without the keyboard, is answered in it, and the window goes', async () => {
  const { profile, folder } = await startHost()
  await addNotes(folder)
  const { client, outcome } = await waitingCall(profile)
  const window = desktop.window('approval')
  expect(window.done).toContain('showInactive')
  expect(window).toMatchObject({ focused: false, onTop: true })
  expect(window.done.at(-1)).toBe('flash')
  await until('the tray says so', () => desktop.tray?.tooltip === 'Toolgate: 1 call waits for you')
  const [notification] = desktop.notifications
  expect(notification).toMatchObject({ open: true, options: { body: expect.stringContaining('notes › write_note') } })
  expect(notification?.options.actions).toMatchObject([{ text: 'Deny' }, { text: 'Open' }])

  const [view] = await approvalPage().call('approvals.list')
  const { ticket, armed_in_ms } = await approvalPage().call('approvals.show', { id: view?.id })
  expect(armed_in_ms).toBeGreaterThan(0)
  const answer = { id: view?.id, answer: 'approve', shown_hash: view?.shown_hash, reason: '' }
  expect(await approvalPage().reply('approvals.answer', answer)).toMatchObject({ ok: false, code: 'TICKET_STALE' })
  const again = await approvalPage().call('approvals.show', { id: view?.id })
  await new Promise((resolve) => setTimeout(resolve, again.armed_in_ms + 50))
  expect(ticket).not.toBe(again.ticket)
  await approvalPage().call('approvals.answer', { ...answer, ticket: again.ticket })
  expect((await outcome).outcome).toBe('ok')

  await until('the window is gone', () => !window.visible)
  expect(window.onTop).toBe(false)
  expect(notification?.open).toBe(false)
  expect(desktop.tray?.tooltip).toBe('Toolgate: guarding')
  await client.close()
})

test('the window stays where a person does something else in it when nothing waits any more', async () => {
  const { profile, folder } = await startHost()
  await addNotes(folder)
  const { client, outcome } = await waitingCall(profile)
  const window = desktop.window('approval')
  // As the page goes there itself.
  window.webContents.mainFrame.url = 'toolgate://approval/#/servers'
  const deny = async () => {
    const [view] = await approvalPage().call('approvals.list')
    const { ticket } = await approvalPage().call('approvals.show', { id: view?.id })
    const answer = { id: view?.id, answer: 'deny', shown_hash: view?.shown_hash, reason: '', ticket }
    await approvalPage().call('approvals.answer', answer)
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  await deny()
  await outcome
  await vi.waitFor(() => expect(window.onTop).toBe(false))
  vi.advanceTimersByTime(60_000)
  expect(window.visible).toBe(true)
  window.webContents.mainFrame.url = 'toolgate://approval/#/'
  const next = client.call('write_note', { text: 'b' })
  await vi.waitFor(() => expect(window.onTop).toBe(true))
  await deny()
  await next
  await vi.waitFor(() => expect(window.onTop).toBe(false))
  // What became of it can still be read.
  expect(window.visible).toBe(true)
  vi.advanceTimersByTime(6_000)
  expect(window.visible).toBe(false)
  vi.useRealTimers()
  await client.close()
})

test('the approval page is told when its window can be seen, and anew when another request brings it forward', async () => {
  const { profile, folder } = await startHost()
  await addNotes(folder)
  const sights = () =>
    approvalPage()
      .messages()
      .flatMap(({ sight }) => (sight === undefined ? [] : [sight]))
  expect(sights().at(-1)).toBe(false)
  const { client, outcome } = await waitingCall(profile)
  expect(sights().at(-1)).toBe(true)
  const before = sights().length
  const next = client.call('write_note', { text: 'b' })
  await until('it is told again', () => sights().length > before)
  expect(sights().at(-1)).toBe(true)
  desktop.window('approval').close()
  expect(sights().at(-1)).toBe(false)
  desktop.tray?.emit('click')
  expect(sights().at(-1)).toBe(true)
  for (const it of [outcome, next]) it.catch(() => {})
  await client.close()
})

test('nobody but the approval page itself can answer', async () => {
  const { profile, folder } = await startHost()
  await addNotes(folder)
  const { client, outcome } = await waitingCall(profile)
  const [view] = await approvalPage().call('approvals.list')
  const answer = { id: view?.id, answer: 'approve', shown_hash: view?.shown_hash, reason: '' }
  const line = JSON.stringify({ id: 900, call: 'approvals.answer', input: answer })
  const { webContents: approval } = desktop.window('approval')
  const { webContents: page } = desktop.window('app')

  for (const call of [
    'approvals.answer',
    'approvals.show',
    'approvals.list',
    'servers.approve',
    'resume',
    'tokens.create',
  ])
    expect(await appPage().reply(call, answer)).toMatchObject({ ok: false, code: 'FORBIDDEN_AT_DOOR' })
  expect(JSON.stringify(await appPage().call('approvals.overview'))).not.toContain(view?.shown_hash)

  const refused: [string, () => { lines: string[] }][] = [
    ['a frame in it', () => said(approval, approval.frame('toolgate://approval/'))],
    ['a frame of another page in it', () => said(approval, approval.frame('https://evil.example/'))],
    ['its window, gone elsewhere', () => said(approval, elsewhere(approval.mainFrame, 'https://evil.example/'))],
    ['its window, with the app in it', () => said(approval, elsewhere(approval.mainFrame, 'toolgate://app/'))],
    ['the app’s window, under a false address', () => said(page, elsewhere(page.mainFrame, 'toolgate://approval/'))],
  ]
  type Frame = typeof approval.mainFrame
  const elsewhere = (frame: Frame, url: string): Frame => ({ ...frame, url, lines: [], send: frame.send })
  function said(contents: typeof approval, frame: Frame) {
    const lines: string[] = []
    contents.say(line, { ...frame, send: (_channel, text) => void lines.push(text) })
    return { lines }
  }
  for (const [who, say] of refused) {
    expect([who, say().lines.map((text) => JSON.parse(text))]).toEqual([
      who,
      [expect.objectContaining({ ok: false, code: 'FORBIDDEN_AT_DOOR' })],
    ])
  }
  approval.say(line, null)
  expect(await approvalPage().call('approvals.list')).toHaveLength(1)
  expect(logged(profile).filter((text) => text.includes('a message of a page was refused'))).toHaveLength(
    refused.length,
  )

  desktop.tray?.choose('Stop everything')
  await until('the tray says so', () => desktop.tray?.tooltip === 'Toolgate: stopped, no tool runs')
  await until('the call ended', async () => (await appPage().call('status')).approvals === 0)
  const { rows } = await appPage().call('activity.calls', { limit: 5 })
  expect(rows.map(({ tool, outcome: it }) => `${tool} ${it}`)).toEqual(['write_note cancelled'])
  desktop.tray?.choose('Resume…')
  expect(desktop.window('approval')).toMatchObject({ visible: true, focused: true })
  expect(desktop.window('approval').webContents.mainFrame.url).toBe('toolgate://approval/#/resume')
  outcome.catch(() => {})
  await client.close()
})

test('what is no line is refused, and what is no request is answered', async () => {
  await startHost()
  const { webContents } = desktop.window('app')
  for (const line of [null, undefined, 7, {}, ['a'], Buffer.from('x'), 'x'.repeat(9 * 1024 * 1024)])
    webContents.say(line)
  const codes = () =>
    appPage()
      .messages()
      .map(({ code }) => code)
  expect(codes()).toEqual([...Array(6).fill('BAD_REQUEST'), 'TOO_LARGE'])
  webContents.say('{"id":1')
  webContents.say('{"id":1,"call":"no.such","input":{}}')
  await until('both were answered', () => codes().length === 9)
  expect(codes().slice(7)).toEqual(['BAD_REQUEST', 'UNKNOWN_CALL'])
})

test('a page that was loaded anew is a new connection, and one that floods is cut off', async () => {
  await startHost()
  const window = desktop.window('app')
  const { webContents } = window
  await appPage().call('status')
  webContents.say('{"id":7,"call":"status","input":{}}')
  webContents.emit('render-process-gone', {}, { reason: 'crashed' })
  expect(await appPage().call('status')).toMatchObject({ stopped: false })
  // What was asked before the page was lost is not answered to the new one.
  expect(
    appPage()
      .messages()
      .map(({ id }) => id),
  ).not.toContain(7)

  for (let id = 1000; id < 1100; id++) webContents.say(JSON.stringify({ id, call: 'status', input: {} }))
  await until('it heard so', () =>
    appPage()
      .messages()
      .some(({ code }) => code === 'NOT_SIGNED_IN'),
  )
  webContents.say('{"id":2000,"call":"status","input":{}}')
  // As it was told: closed, and opened again.
  window.close()
  desktop.tray?.choose('Open Toolgate')
  expect(await appPage().call('status')).toMatchObject({ stopped: false })
  const { mainFrame } = webContents
  window.close()
  desktop.tray?.choose('Open Toolgate')
  expect(webContents.mainFrame).toBe(mainFrame)
})

test('a page that ends again at once is loaded anew only after a wait', async () => {
  await startHost()
  const { webContents } = desktop.window('approval')
  const crash = () => webContents.emit('render-process-gone', {}, { reason: 'oom' })
  const [first] = [webContents.mainFrame]
  crash()
  const second = webContents.mainFrame
  expect(second).not.toBe(first)
  crash()
  await new Promise((resolve) => setImmediate(resolve))
  expect(webContents.mainFrame).toBe(second)
  await until('it is loaded anew', () => webContents.mainFrame !== second)
  expect(await approvalPage().call('status')).toMatchObject({ stopped: false })
})

test('the app asks for the approval page, which comes to the front at its place', async () => {
  await startHost()
  expect(await appPage().call('approvals.open', { at: '/servers/files' })).toEqual({ url: null })
  const window = desktop.window('approval')
  expect(window).toMatchObject({ visible: true, focused: true })
  expect(window.webContents.mainFrame.url).toBe('toolgate://approval/#/servers/files')
  window.webContents.emit('preferred-size-changed', {}, { width: 440, height: 612 })
  expect(window.bounds).toMatchObject({ width: 440, height: 612 })
  window.close()
  expect(window).toMatchObject({ visible: false })
  desktop.tray?.choose('Approvals')
  expect(window.visible).toBe(true)
})

test('a notification leads to the window that it is about, and the record is verified in a process of its own', async () => {
  const { profile, folder } = await startHost()
  await addNotes(folder)
  const { client, outcome } = await waitingCall(profile)
  desktop.window('approval').close()
  desktop.notifications.at(-1)?.emit('click')
  expect(desktop.window('approval')).toMatchObject({ visible: true, focused: true })
  desktop.tray?.emit('click')
  expect(await appPage().call('audit.verify')).toMatchObject({ ok: true, first_bad: null })
  outcome.catch(() => {})
  await client.close()
})

test('Touch ID is asked where a Mac has it, and a person who gives up was not recognised', async () => {
  const { authenticate } = platformAuthentication('darwin')
  expect(await authenticate?.('answer')).toBe(true)
  vi.spyOn(systemPreferences, 'promptTouchID').mockRejectedValueOnce(new Error('cancelled'))
  expect(await authenticate?.('answer')).toBe(false)
  expect(platformAuthentication('linux')).toEqual({})
  vi.spyOn(systemPreferences, 'canPromptTouchID').mockReturnValueOnce(false)
  expect(platformAuthentication('darwin')).toEqual({})
})

test('closing the window hides it and remembers its place; a second start brings it back', async () => {
  const { profile } = await startHost()
  const window = desktop.window('app')
  window.bounds = { x: 30, y: 40, width: 1000, height: 700 }
  window.close()
  expect(window.visible).toBe(false)
  expect(window.isDestroyed()).toBe(false)
  expect(JSON.parse(readFileSync(join(profile, 'desktop', 'window.json'), 'utf8'))).toMatchObject(window.bounds)
  app.emit('second-instance', {}, [], '', { hidden: true })
  expect(window.visible).toBe(false)
  app.emit('second-instance', {}, [], '', { hidden: false })
  expect(window).toMatchObject({ visible: true, focused: true })
})

test('quitting ends windows, servers and the lock, in that order, and then the app', async () => {
  const { profile, folder } = await startHost()
  await addNotes(folder)
  const client = connectClient(profile, 'notes')
  await client.initialize()
  await client.call('read_note', {})
  expect(processesWith(`notes-server.mjs\0${folder}`).length).toBeGreaterThan(0)
  let windowsAtEnd = -1
  app.once('ended', () => {
    windowsAtEnd = desktop.windows.length
  })
  app.emit('before-quit', { preventDefault: () => {} })
  await until('the app ended', () => desktop.exit !== null)
  expect(desktop).toMatchObject({ exit: 0, tray: null })
  expect(windowsAtEnd).toBe(0)
  await until('no server is left', () => processesWith(`notes-server.mjs\0${folder}`).length === 0)
  expect(readdirSync(join(profile, 'run')).filter((name) => name.endsWith('.lock'))).toEqual([])
  expect(existsSync(join(profile, 'run', 'gateway.sock'))).toBe(false)
  await client.close()
})

test('started by a client it shows no window', async () => {
  await startHost({ words: ['--hidden'] })
  expect(desktop.windows.map(({ visible }) => visible)).toEqual([false, false])
  expect(desktop.tray?.tooltip).toBe('Toolgate: guarding')
})

test('a second app of the profile ends at once', async () => {
  const folders = desktopFolders()
  const { startDesktop } = await import('../../src-main/electron/desktop.ts')
  const { resetDesktop } = await import('../fakes/electron.ts')
  resetDesktop()
  desktop.second = true
  await startDesktop(['--profile', folders.profile], folders.renderer)
  expect(desktop).toMatchObject({ exit: 0, windows: [], dialogs: [] })
})

test('a profile that another gateway serves is said to be so, with who', async () => {
  const folders = desktopFolders()
  const gateway = await startGateway({ profile: folders.profile })
  await startHost({ folders })
  expect(desktop).toMatchObject({ exit: 1, windows: [], tray: null })
  expect(desktop.dialogs).toEqual([
    expect.stringContaining(`process ${process.pid}, serves the profile ${folders.profile}`),
  ])
  await startHost({ folders, words: ['--hidden'] })
  expect(desktop).toMatchObject({ exit: 0, dialogs: [] })
  await gateway.stop()
})

test('without built pages it says how to build them, and holds nothing', async () => {
  const folders = desktopFolders()
  await startHost({ folders: { ...folders, renderer: join(folders.folder, 'nothing') } })
  expect(desktop.exit).toBe(1)
  expect(desktop.dialogs).toEqual([expect.stringContaining('npm run build')])
  expect(readdirSync(join(folders.profile, 'run'))).toEqual([])
})

test('an installed app refuses to be driven by another program', async () => {
  app.isPackaged = true
  try {
    await startHost({ words: ['--remote-debugging-port=9222'] })
    expect(desktop.exit).toBe(1)
    expect(desktop.dialogs).toEqual([expect.stringContaining('--remote-debugging-port')])
  } finally {
    app.isPackaged = false
  }
})

function logged(profile: string): string[] {
  return readFileSync(join(profile, 'logs', 'gateway.log'), 'utf8')
    .trim()
    .split('\n')
}
