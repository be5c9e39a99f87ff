import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { approvalHeight, firstArea, grown } from '../../src-main/electron/approval-size.ts'
import { failureText } from '../../src-main/electron/failure-text.ts'
import { notificationText } from '../../src-main/electron/notification-text.ts'
import { trayModel } from '../../src-main/electron/tray-model.ts'
import { trayPicture } from '../../src-main/electron/tray-picture.ts'
import { openingPlace, readPlace, writePlace } from '../../src-main/electron/window-place.ts'
import { UnfitHost } from '../../src-main/host/unfit-host.ts'
import { testFolder } from '../fakes/folder.ts'
import { root } from '../rules/source.ts'

const screen = { x: 0, y: 25, width: 1440, height: 875 }

describe('the tray', () => {
  const labels = (state: Parameters<typeof trayModel>[0]) =>
    trayModel(state).menu.flatMap((item) => (item === 'separator' ? [] : [item.label]))

  test('says that all is guarded, that calls wait, or that nothing runs', () => {
    expect(trayModel({ stopped: false, waiting: 0 })).toMatchObject({
      icon: 'guarding',
      tooltip: 'Toolgate: guarding',
      count: '',
    })
    expect(trayModel({ stopped: false, waiting: 1 })).toMatchObject({
      icon: 'waiting',
      tooltip: 'Toolgate: 1 call waits for you',
      count: '1',
    })
    expect(trayModel({ stopped: false, waiting: 12 })).toMatchObject({
      tooltip: 'Toolgate: 12 calls wait for you',
      count: '12',
    })
    expect(trayModel({ stopped: true, waiting: 3 })).toMatchObject({
      icon: 'stopped',
      tooltip: 'Toolgate: stopped, no tool runs',
      count: '',
    })
  })

  test('offers to stop what runs and to resume what is stopped', () => {
    expect(labels({ stopped: false, waiting: 2 })).toEqual([
      'Open Toolgate',
      'Approvals (2)',
      'Stop everything',
      'Quit Toolgate',
    ])
    expect(labels({ stopped: true, waiting: 0 })).toEqual(['Open Toolgate', 'Approvals', 'Resume…', 'Quit Toolgate'])
  })

  test.each(['guarding', 'waiting', 'stopped'] as const)('has a picture for %s wherever it shows', (icon) => {
    const folder = join(root, 'assets', 'tray')
    const files = [
      trayPicture(folder, icon, 'darwin', true),
      trayPicture(folder, icon, 'linux', true),
      trayPicture(folder, icon, 'win32', false),
    ]
    expect(new Set(files).size).toBe(3)
    for (const file of files) {
      for (const each of [file, file.replace('.png', '@2x.png')]) {
        expect([each, existsSync(each)]).toEqual([each, true])
        expect(readFileSync(each).subarray(1, 4).toString()).toBe('PNG')
      }
    }
  })
})

describe('the approval window', () => {
  test('grows with its content, within bounds and within the screen', () => {
    expect([0, 299, 300, 412.2, 680, 5000].map((height) => approvalHeight(height, screen))).toEqual([
      300, 300, 300, 413, 680, 680,
    ])
    expect(approvalHeight(680, { ...screen, height: 600 })).toBe(568)
    expect(approvalHeight(680, { ...screen, height: 200 })).toBe(300)
    expect([Number.NaN, Number.POSITIVE_INFINITY, -5].map((height) => approvalHeight(height, screen))).toEqual([
      300, 300, 300,
    ])
  })

  test('appears at the upper right, and stays there as it grows', () => {
    const first = firstArea(300, screen)
    expect(first).toEqual({ x: 984, y: 41, width: 440, height: 300 })
    expect(grown(first, 650, screen)).toEqual({ ...first, height: 650 })
    expect(grown({ ...first, y: 700 }, 650, screen)).toEqual({ ...first, y: 234, height: 650 })
    expect(firstArea(300, { ...screen, width: 300 }).x).toBe(0)
  })
})

describe('the app’s window', () => {
  test('opens where it was, as long as a screen is there', () => {
    const place = { x: 100, y: 100, width: 1000, height: 700, maximized: true }
    const bounds = { x: 100, y: 100, width: 1000, height: 700 }
    expect(openingPlace(null, [screen])).toEqual({ width: 1280, height: 800 })
    expect(openingPlace(place, [screen])).toEqual(bounds)
    expect(openingPlace({ ...place, x: 3000 }, [screen])).toEqual({ width: 1000, height: 700 })
    expect(openingPlace({ ...place, x: 3000 }, [screen, { ...screen, x: 2880 }])).toEqual({ ...bounds, x: 3000 })
    expect(openingPlace({ ...place, y: -50 }, [screen])).toEqual({ width: 1000, height: 700 })
    expect(openingPlace({ ...place, y: 890 }, [screen])).toEqual({ width: 1000, height: 700 })
  })

  test('is remembered in a file, which may be missing, damaged or hostile', () => {
    const file = join(testFolder(), 'window.json')
    const place = { x: -5, y: 10, width: 1000, height: 700, maximized: false }
    expect(readPlace(file)).toBeNull()
    writePlace(file, place)
    expect(readPlace(file)).toEqual(place)
    for (const width of [10, 1e9, 'wide', null]) {
      writePlace(file, { ...place, width: width as number })
      expect(readPlace(file)).toBeNull()
    }
    writePlace(join(file, 'nowhere'), place)
  })
})

describe('a notification', () => {
  test('shows hostile names as they are, and nothing of them as markup', () => {
    const shown = notificationText({
      kind: 'approval',
      title: '<a href="https://evil.example">click</a>\u202e is waiting',
      body: 'a&b\nsecond <b>line</b>',
    })
    expect(shown.title).toBe('‹a href="https://evil.example"›click‹/a›\\u{202e} is waiting')
    expect(shown.body).toBe('a＆b\\nsecond ‹b›line‹/b›')
  })

  test('is cut where a desktop would, never inside a character', () => {
    const { title, body } = notificationText({ kind: 'warning', title: '🦊'.repeat(200), body: 'x'.repeat(1000) })
    expect(title).toBe(`${'🦊'.repeat(79)}…`)
    expect(body).toBe(`${'x'.repeat(239)}…`)
  })
})

test('a start that fails says why and what to do', () => {
  expect(failureText(new UnfitHost('`/x` is no profile', 'name another'), '/p')).toEqual({
    busy: false,
    message: '`/x` is no profile',
    next: 'name another',
  })
  const busy = Object.assign(new Error('busy'), { name: 'ProfileBusy', pid: 42 })
  expect(failureText(busy, '/p')).toEqual({
    busy: true,
    message: 'another gateway, process 42, serves the profile /p already',
    next: 'end it with `toolgate shutdown`, then start the app again',
  })
  expect(failureText(new Error('disk\u0007 full'), '/p').message).toBe('disk\\u{7} full')
})
