import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { fetchElectron, lookForSource } from '../../scripts/setup/electron.mjs'
import { installedCheckout, withoutDesktopBuild } from '../fakes/checkout.ts'
import { putStandIn, release, releaseHost } from '../fakes/electron-release.ts'
import { until } from '../fakes/processes.ts'

const root = join(import.meta.dirname, '..', '..')

/** How late a timer may be on a busy machine. */
const lateSec = 5

let checkout = ''

type Env = Record<string, string>

/** A desktop of an ordinary user, as far as Electron is concerned; nothing of it reaches the real cache or network. */
function desktop(more: Env = {}): Env {
  const unset = ['ELECTRON_MIRROR', 'HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'INIT_CWD']
  const rest = Object.entries(process.env).filter(([name]) => !unset.includes(name))
  const settings = { DISPLAY: ':99', ELECTRON_DISABLE_SANDBOX: '1', electron_config_cache: join(checkout, 'cache') }
  return { ...(Object.fromEntries(rest) as Env), ...settings, ...more }
}

/** `npm start -- …`, without npm: what it has said so far and how it ended. */
function start(env: Env, ...args: string[]) {
  const cwd = join(checkout, 'elsewhere')
  mkdirSync(cwd, { recursive: true })
  const child: ChildProcess = spawn(process.execPath, [join(checkout, 'scripts', 'start.mjs'), ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  return { child, ended, said: () => said }
}

/** Starts, waits until the gateway runs alone, ends it and gives what was said before it was ready. */
async function startAlone(env: Env, ...args: string[]): Promise<string> {
  const run = start(env, '--json', '--profile', join(checkout, 'profile'), ...args)
  await until(`the gateway is ready, after: ${run.said()}`, () => run.said().includes('"ready":true'), 30_000)
  run.child.kill('SIGTERM')
  await run.ended
  return run.said().split('{"ready"')[0] ?? ''
}

const note = () => join(checkout, 'node_modules', '.toolgate-electron')

describe.skipIf(process.platform !== 'linux' || !existsSync(join(root, 'out', '.stamp')))('npm start', () => {
  beforeEach(() => {
    checkout = installedCheckout()
  })

  test('with a binary the desktop app runs, with what was typed, where it was typed', async () => {
    putStandIn(join(checkout, 'standin'))
    const env = desktop({ ELECTRON_OVERRIDE_DIST_PATH: join(checkout, 'standin'), ELECTRON_RUN_AS_NODE: '1' })
    const run = start(env, '--profile', 'mine')
    expect(await run.ended).toBe(0)
    expect(run.said()).toContain(
      `stand-in for Electron: ${join(checkout, 'out', 'electron', 'main.js')} --profile mine\n`,
    )
    expect(run.said()).toContain(`in ${join(checkout, 'elsewhere')}, as node: <>\n`)
  })

  test('a desktop app that ends at once tells how to do without it', async () => {
    putStandIn(join(checkout, 'standin'), 3)
    const run = start(desktop({ ELECTRON_OVERRIDE_DIST_PATH: join(checkout, 'standin') }))
    expect(await run.ended).toBe(3)
    expect(run.said()).toMatch(/ended right after its start.*npm start -- --headless/)
  })

  test('a sign-in link is told wherever the output goes', async () => {
    const run = start(desktop(), '--headless', '--no-open', '--profile', join(checkout, 'profile'))
    await until(
      `a link is told, after: ${run.said()}`,
      () => /http:\/\/127\.0\.0\.1:\d+\/#sign-in=/.test(run.said()),
      30_000,
    )
  })

  test('--headless asks nobody and says nothing', async () => {
    const mirror = await releaseHost((_, response) => response.end())
    putStandIn(join(checkout, 'standin'))
    const env = desktop({ ELECTRON_OVERRIDE_DIST_PATH: join(checkout, 'standin'), ELECTRON_MIRROR: mirror.mirror })
    expect(await startAlone(env, '--headless')).toBe('')
    expect(mirror.asked).toEqual([])
  })

  test.each<[string, () => void, Env, RegExp]>([
    ['a desktop build', () => withoutDesktopBuild(checkout), {}, /not part of this build/],
    ['a screen', () => {}, { DISPLAY: '', WAYLAND_DISPLAY: '' }, /there is no screen/],
    ['what ELECTRON_OVERRIDE_DIST_PATH names', () => {}, { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }, /`\/nowhere`/],
  ])('without %s the gateway runs alone, and nothing is fetched', async (_, prepare, more, why) => {
    const mirror = await releaseHost((_, response) => response.end())
    prepare()
    const env = desktop({ ELECTRON_MIRROR: mirror.mirror, ...more })
    expect(await startAlone(env)).toMatch(why)
    const insisted = start(env, '--electron')
    expect(await insisted.ended).toBe(1)
    expect(insisted.said()).toMatch(/^the desktop app cannot run: .*\nwhat to do: \w/)
    expect(insisted.said()).toMatch(why)
    expect(mirror.asked).toEqual([])
  })

  test('a release is fetched, checked, run, and from then on there', async () => {
    const { archive, name } = release(checkout)
    const mirror = await releaseHost((_, response) => response.end(archive))
    const env = desktop({ ELECTRON_MIRROR: mirror.mirror })
    const first = start(env)
    expect({ code: await first.ended, said: first.said() }).toMatchObject({ code: 0 })
    expect(first.said()).toMatch(
      /^fetching Electron … 0 s[\s\S]*fetching Electron … done[\s\S]*stand-in for Electron: /,
    )
    expect(mirror.asked.every((path) => path.endsWith(`/${name}`))).toBe(true)
    const asked = mirror.asked.length

    const second = start(env)
    expect(await second.ended).toBe(0)
    expect(second.said()).toMatch(/^stand-in for Electron: /)
    expect(mirror.asked).toHaveLength(asked)

    // What lies in the cache needs no host at all.
    rmSync(join(checkout, 'node_modules', 'electron', 'dist'), { recursive: true })
    const third = start(env)
    expect(await third.ended).toBe(0)
    expect(mirror.asked).toHaveLength(asked)
  })

  test('a release that is not what it should be is not run, and not fetched again today', async () => {
    const { archive } = release(checkout)
    const bad = Buffer.from(archive)
    bad.write('evil', bad.indexOf('stand-in'))
    const mirror = await releaseHost((_, response) => response.end(bad))
    const env = desktop({ ELECTRON_MIRROR: mirror.mirror })
    expect(await startAlone(env)).toMatch(/no desktop app \(Electron could not be fetched: .*checksum/)
    const asked = mirror.asked.length
    expect(asked).toBeGreaterThan(0)

    expect(await startAlone(env)).toMatch(
      /could not be fetched a moment ago: .*checksum.*`npm start -- --electron` tries again now/,
    )
    expect(mirror.asked).toHaveLength(asked)

    const insisted = start(env, '--electron')
    expect(await insisted.ended).toBe(1)
    expect(insisted.said()).toMatch(/the desktop app cannot run: Electron could not be fetched: .*checksum/)
    expect(mirror.asked.length).toBeGreaterThan(asked)
  })

  test('a password in the address of a mirror is not told to anybody', async () => {
    const run = start(desktop({ ELECTRON_MIRROR: 'http://user:hunter2@127.0.0.1:9/' }), '--electron')
    expect(await run.ended).toBe(1)
    expect(run.said()).toContain('the address of `127.0.0.1:9` must not hold a password')
    expect(run.said()).not.toContain('hunter2')
  })

  test('a host that never answers costs 5 seconds, once a day', async () => {
    // How long the host was waited for; what else a start takes depends on the machine.
    let waitedSec = 0
    const mirror = await releaseHost(({ socket }) => {
      const began = performance.now()
      socket.once('close', () => {
        waitedSec = (performance.now() - began) / 1000
      })
    })
    const env = desktop({ ELECTRON_MIRROR: mirror.mirror })
    expect(await startAlone(env)).toContain(`cannot be fetched: \`${mirror.host}\` did not answer within 5 s`)
    expect(waitedSec).toBeGreaterThan(4)
    expect(waitedSec).toBeLessThan(5 + lateSec)
    const asked = mirror.asked.length
    expect(await startAlone(env)).toMatch(/could not be fetched a moment ago: .*did not answer/)
    expect(mirror.asked).toHaveLength(asked)
  })

  test('a host that refuses costs nothing, and is asked at each start', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as { port: number }
    await new Promise((resolve) => closed.close(resolve))
    const env = desktop({ ELECTRON_MIRROR: `http://127.0.0.1:${port}/` })
    for (const _ of [1, 2]) expect(await startAlone(env)).toContain(`\`127.0.0.1:${port}\` refuses connections`)
    expect(existsSync(note())).toBe(false)
  })

  test('a host that does not have the release costs nothing either', async () => {
    const mirror = await releaseHost((_, response) => response.writeHead(404).end())
    expect(await startAlone(desktop({ ELECTRON_MIRROR: mirror.mirror }))).toContain(`\`${mirror.host}\` answers 404`)
    expect(existsSync(note())).toBe(false)
  })

  test('a proxy that npm would use is used', async () => {
    const [proxied, proxy] = [[] as string[], createServer()]
    proxy.on('connection', (socket) => {
      socket.once('data', (data) => {
        proxied.push(data.toString('latin1').split('\r\n')[0] ?? '')
        socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const { port } = proxy.address() as { port: number }
    const env = desktop({ ELECTRON_MIRROR: 'http://mirror.invalid/', HTTP_PROXY: `http://127.0.0.1:${port}` })
    expect(await lookForSource({ root: checkout, node: process.execPath, env })).toMatchObject({
      ok: false,
      slow: false,
    })
    expect(proxied).toEqual([expect.stringContaining('mirror.invalid')])
  })

  test('a download that stalls is given up, and leaves nothing behind', async () => {
    const { archive } = release(checkout)
    const mirror = await releaseHost((_, response) => {
      response.writeHead(200, { 'content-length': archive.length })
      response.write(archive.subarray(0, 40))
    })
    const temporary = join(checkout, 'temporary')
    mkdirSync(temporary)
    const before = process.env.TMPDIR
    process.env.TMPDIR = temporary
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    })
    const ready = { root: checkout, node: process.execPath, env: desktop({ ELECTRON_MIRROR: mirror.mirror }) }
    expect(await fetchElectron(ready, archive.length, 1000)).toBe('nothing came for 1 s')
    expect(readdirSync(temporary)).toEqual([])
    expect(existsSync(join(checkout, 'node_modules', 'electron', 'dist'))).toBe(false)
  })
})
