import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { build } from 'rolldown'
import { loadConfig } from 'rolldown/config'
import { beforeAll, expect, test } from 'vitest'
import { channel } from '../../src-main/electron/channel.ts'
import { contextBridge, desktop, ipcRenderer } from '../fakes/electron.ts'
import { testFolder } from '../fakes/folder.ts'
import { readFiles } from '../rules/source.ts'

type Config = { input: Record<string, string>; output: object }
let configs: Config[] = []

beforeAll(async () => {
  configs = [await loadConfig('rolldown.config.ts')].flat() as unknown as Config[]
})

async function bundle(input: string): Promise<string> {
  const config = configs.find((it) => Object.hasOwn(it.input, input))
  if (!config) throw new Error(`nothing is built from \`${input}\``)
  const dir = testFolder()
  await build({ ...config, output: { ...config.output, dir, sourcemap: false } } as unknown as Parameters<
    typeof build
  >[0])
  return dir
}

const named = (code: string) =>
  [...code.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*["']([^"']+)["']/g)].map(([, name]) => name ?? '')

test('the preload is one file that needs Electron alone, and gives a page two functions', async () => {
  const dir = await bundle('preload')
  expect(readdirSync(dir)).toEqual(['preload.cjs'])
  const code = readFileSync(join(dir, 'preload.cjs'), 'utf8')
  expect(named(code)).toEqual(['electron'])

  const sent: unknown[] = []
  const heard: unknown[] = []
  ipcRenderer.on('said', (...said) => sent.push(said))
  const require = (name: string) => {
    if (name !== 'electron') throw new Error(`\`${name}\` is not there`)
    return { contextBridge, ipcRenderer }
  }
  runInNewContext(code, { require, exports: {}, module: { exports: {} } })
  expect(Object.keys(desktop.bridge ?? {}).sort()).toEqual(['onLine', 'send'])
  desktop.bridge?.send('a line')
  expect(sent).toEqual([[channel, 'a line']])
  desktop.bridge?.onLine((...all) => heard.push(all))
  // The event holds the sender, with which a page could reach other channels.
  ipcRenderer.emit(channel, { sender: 'electron’s own' }, 'an answer')
  expect(heard).toEqual([['an answer']])
})

test('the host needs nothing but Electron, SQLite and Node', async () => {
  const dir = await bundle('electron/main')
  const code = readFileSync(join(dir, 'electron', 'main.js'), 'utf8')
  const all = [code, ...readdirSync(join(dir, 'chunks')).map((name) => readFileSync(join(dir, 'chunks', name), 'utf8'))]
  const static_ = all.flatMap((text) =>
    [...text.matchAll(/(?:^|[;\n])import[^"();]*"([^"]+)"/g)].map(([, name]) => name ?? ''),
  )
  const foreign = static_.filter(
    (name) => !name.startsWith('.') && !builtinModules.includes(name.replace(/^node:/, '')),
  )
  expect([...new Set(foreign)].sort()).toEqual(['better-sqlite3', 'electron'])
})

test('one file listens to pages, and one speaks for them', () => {
  const files = readFiles('src-main', /\.ts$/)
  const using = (word: RegExp) => files.filter(({ text }) => word.test(text)).map(({ path }) => path)
  expect(using(/\bipcMain\b/)).toEqual(['src-main/electron/ipc.ts'])
  expect(using(/\bipcRenderer\b|\bcontextBridge\b/)).toEqual(['src-main/electron/preload.ts'])
  expect(using(/from 'electron'/).every((path) => path.startsWith('src-main/electron/'))).toBe(true)
  expect(using(/\bexecuteJavaScript\b|\bloadFile\b|\bopenPath\b/)).toEqual([])
})
