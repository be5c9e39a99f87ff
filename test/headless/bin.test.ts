import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testFolder } from '../fakes/folder.ts'
import { program } from '../fakes/person.ts'

const report =
  'process.stdout.write(JSON.stringify({ file: process.argv[1], words: process.argv.slice(2), api: process.versions.napi }))\n'
/** Makes a Node say that it is too old, since there need not be an old one here. */
const old = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', { value: { ...process.versions, napi: '9' } })")}`

/** A package with this `bin`, and builds that say how they were run. */
function installed(...built: string[]): string {
  const folder = testFolder()
  cpSync(join(import.meta.dirname, '../../bin'), join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  for (const name of built) {
    mkdirSync(join(folder, 'out'), { recursive: true })
    writeFileSync(join(folder, 'out', name), report)
  }
  return folder
}

const run = (folder: string, words: string[], node: string[] = []) =>
  program([process.execPath, ...node, join(folder, 'bin', 'toolgate.mjs'), ...words])

test('without a build it says how to make one', async () => {
  expect(await run(installed(), ['status'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm run build'),
  })
  expect(await run(installed('toolgate.js'), ['connect', 'x'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm run build'),
  })
})

test('a command runs in the build, `connect` in the shim, each with its own words', async () => {
  const folder = installed('toolgate.js', 'shim.js')
  const out = async (words: string[], node: string[] = []) => JSON.parse((await run(folder, words, node)).screen)

  expect(await out(['status', '--json'])).toMatchObject({
    file: join(folder, 'out/toolgate.js'),
    words: ['status', '--json'],
  })
  expect(await out(['connect', 'files', '--entry', 'e'])).toMatchObject({
    file: join(folder, 'out/shim.js'),
    words: ['files', '--entry', 'e'],
  })
  expect(await out(['connect', '--help'])).toMatchObject({ file: join(folder, 'out/toolgate.js') })
  expect(await out(['connect', 'files'], ['--import', old])).toMatchObject({ api: '9', words: ['files'] })
})

test('an old Node hands over to the one installed beside, exit code and all, or says what is needed', async () => {
  const folder = installed('toolgate.js', 'shim.js')
  expect(await run(folder, ['status'], ['--import', old])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('needs Node 24'),
  })

  const node = join(
    folder,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
  )
  mkdirSync(node, { recursive: true })
  symlinkSync(process.execPath, join(node, process.platform === 'win32' ? 'node.exe' : 'node'))
  writeFileSync(join(folder, 'out', 'toolgate.js'), `${report}process.exitCode = 4\n`)
  const outcome = await run(folder, ['servers', 'list'], ['--import', old])
  expect(outcome.code).toBe(4)
  expect(JSON.parse(outcome.screen)).toMatchObject({ words: ['servers', 'list'], api: process.versions.napi })
})

test('what is sent to the old Node reaches the new one', async () => {
  const folder = installed('toolgate.js')
  const node = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin')
  mkdirSync(node, { recursive: true })
  symlinkSync(process.execPath, join(node, 'node'))
  writeFileSync(
    join(folder, 'out', 'toolgate.js'),
    "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1e6); process.kill(process.ppid, 'SIGTERM')\n",
  )
  expect((await run(folder, ['serve'], ['--import', old])).code).toBe(7)
})
