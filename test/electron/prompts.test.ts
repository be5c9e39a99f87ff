import { rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addNotes, desktopFolders, pageIn, startHost } from '../fakes/desktop-host.ts'
import { desktop, Notification, powerMonitor, screen } from '../fakes/electron.ts'
import { until } from '../fakes/processes.ts'
import { connectClient, type RawClient } from '../fakes/raw-client.ts'

vi.mock('electron', () => import('../fakes/electron.ts'))

const approvalPage = () => pageIn(desktop.window('approval'))
const prompts = async () => (await pageIn(desktop.window('app')).call('status')).prompts
const sight = () =>
  approvalPage()
    .messages()
    .flatMap(({ sight }) => (sight === undefined ? [] : [sight]))
    .at(-1)

/** A call that waits, until the client is gone with the test. */
function ask(client: RawClient, text: string): void {
  client.call('write_note', { text }).catch(() => {})
}

/** A host with a server, and a client of it that calls; both end with the test. */
async function begin() {
  const folders = desktopFolders()
  await startHost({ folders })
  await addNotes(folders.folder)
  const client = connectClient(folders.profile, 'notes')
  onTestFinished(() => client.close())
  await client.initialize()
  return { ...folders, client, window: desktop.window('approval') }
}

test('with every window closed or hidden, a call that waits brings the approval window up', async () => {
  const { client, window } = await begin()
  desktop.window('app').close()
  expect([desktop.window('app').visible, window.visible]).toEqual([false, false])
  ask(client, 'a')
  await until('the window is up', () => window.visible)
  expect(window).toMatchObject({ focused: false, onTop: true })
  expect(await prompts()).toEqual({ how: expect.arrayContaining(['a window on this desktop']), problem: null })
})

test('behind a locked screen nothing counts as seen, and what came meanwhile is brought up after it', async () => {
  const { client, window } = await begin()
  powerMonitor.emit('lock-screen')
  expect((await prompts()).how[0]).toBe('a window on this desktop, behind the locked screen')
  ask(client, 'a')
  await until('the window is up', () => window.visible)
  expect(sight()).toBe(false)
  const shown = window.done.filter((did) => did === 'showInactive').length
  powerMonitor.emit('unlock-screen')
  expect(window.done.filter((did) => did === 'showInactive').length).toBe(shown + 1)
  expect(sight()).toBe(true)
  expect((await prompts()).how[0]).toBe('a window on this desktop')
})

test('without a service for notifications, or when one was turned down, the window comes and status says so', async () => {
  const { client, window } = await begin()
  vi.spyOn(Notification, 'isSupported').mockReturnValue(false)
  onTestFinished(() => void vi.restoreAllMocks())
  ask(client, 'a')
  await until('the window is up', () => window.visible)
  expect(desktop.notifications).toEqual([])
  expect((await prompts()).problem).toMatch(/no service for notifications: only the window appears/)
  vi.restoreAllMocks()
  ask(client, 'b')
  await until('it is told', () => desktop.notifications.length === 1)
  desktop.notifications[0]?.emit('failed', {}, 'not allowed')
  expect((await prompts()).problem).toMatch(/showed no notification \(not allowed\): allow them for Toolgate/)
  desktop.notifications[0]?.emit('show')
  expect((await prompts()).problem).toBeNull()
})

test('with two monitors it opens where the pointer is, and comes back from one that is gone', async () => {
  const { client, window } = await begin()
  const [first] = screen.getAllDisplays()
  if (!first) throw new Error('no display')
  const { workArea } = first
  const second = { ...first, workArea: { ...workArea, x: workArea.x + 3_000 } }
  const [all, near] = [vi.spyOn(screen, 'getAllDisplays'), vi.spyOn(screen, 'getDisplayNearestPoint')]
  onTestFinished(() => void vi.restoreAllMocks())
  all.mockReturnValue([first, second])
  near.mockReturnValue(second)
  ask(client, 'a')
  await until('the window is up', () => window.visible)
  expect(window.bounds.x).toBeGreaterThanOrEqual(second.workArea.x)
  all.mockReturnValue([first])
  near.mockReturnValue(first)
  ask(client, 'b')
  await until('it is on the screen that is there', () => window.bounds.x < workArea.x + workArea.width)
  expect(window.visible).toBe(true)
})

test('its notification is silent, unless the settings want to hear it', async () => {
  const { client, profile } = await begin()
  ask(client, 'a')
  await until('it is told', () => desktop.notifications.length === 1)
  expect(desktop.notifications[0]?.options).toMatchObject({ silent: true })
  writeFileSync(join(profile, 'settings.json'), '{"prompt_sound":true}')
  const view = async () => pageIn(desktop.window('app')).call('settings.show')
  const sound = async () => (await view()).settings.find(({ name }) => name === 'prompt_sound')?.value
  await expect.poll(sound, { timeout: 10_000 }).toBe('true')
  ask(client, 'b')
  await until('it is told', () => desktop.notifications.length === 2)
  expect(desktop.notifications[1]?.options).toMatchObject({ silent: false })
  // A file that is gone takes nothing back.
  rmSync(join(profile, 'settings.json'))
  await expect.poll(async () => (await view()).problem, { timeout: 10_000 }).toContain('is gone')
  expect(await sound()).toBe('true')
})

test('its notification denies that call, once and on record, or opens the window; it allows nothing', async () => {
  const { client, window } = await begin()
  const shown = async () => {
    const told = desktop.notifications.length
    const outcome = client.call('write_note', { text: `${told}` })
    await until('it is told', () => desktop.notifications.length === told + 1)
    return { outcome, notification: desktop.notifications[told] }
  }
  const waiting = async () => (await approvalPage().call('approvals.list')).length
  const first = await shown()
  window.hide()
  first.notification?.emit('action', { actionIndex: 1 })
  await until('the window is up', () => window.visible)
  first.notification?.emit('action', { actionIndex: 7 })
  expect(await waiting()).toBe(1)
  first.notification?.emit('action', { actionIndex: 0 })
  expect(await first.outcome).toMatchObject({ outcome: 'APPROVAL_DENIED' })
  const second = await shown()
  first.notification?.emit('action', { actionIndex: 0 })
  expect(await waiting()).toBe(1)
  second.notification?.emit('action', { actionIndex: 0 })
  await second.outcome
  expect(await waiting()).toBe(0)
  const app = pageIn(desktop.window('app'))
  const { rows } = await app.call('activity.calls', { limit: 10 })
  expect(rows).toHaveLength(2)
  for (const { call_id } of rows) {
    const { records } = await app.call('activity.call', { call_id })
    const said = { answer: 'denied', answered_door: 'notification', answered_by: userInfo().username }
    expect(records).toContainEqual(expect.objectContaining(said))
  }
})
