// Answers: is out/ built from the sources as they are now, and if not, builds it.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError } from './error.mjs'
import { startProgress } from './progress.mjs'

const sources = [
  'shared',
  'src-main',
  'src-renderer',
  'assets',
  'rolldown.config.ts',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
]

/** What builds out/, in this order: the programs, then the pages in a folder of their own. */
const steps = [
  { cli: ['rolldown', 'bin', 'cli.mjs'], args: ['-c', 'rolldown.config.ts'] },
  { cli: ['vite', 'bin', 'vite.js'], args: ['build'] },
]

/**
 * Whether out/ was built from exactly these sources.
 * @param {string} root repository folder
 */
export function isBuilt(root) {
  const stamp = join(root, 'out', '.stamp')
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashSources(root)
}

/**
 * Builds out/ and takes away what an older build left; throws `SetupError` with the words of the builder that failed.
 * @param {string} root repository folder
 * @param {string} node Node to build with
 */
export async function build(root, node) {
  const out = join(root, 'out')
  const before = hashSources(root)
  const began = Date.now()
  const progress = startProgress('building out/')
  rmSync(join(out, '.stamp'), { force: true })
  for (const { cli, args } of steps) {
    const { code, text } = await run(root, node, [join(root, 'node_modules', ...cli), ...args])
    if (code === 0) continue
    progress.end('failed')
    throw new SetupError(
      `the build failed (${code})\n${text.trim()}`,
      'fix what is named above and run the command again',
    )
  }
  // Files of both builds are younger than this build's begin, so only leftovers go.
  for (const file of listFiles(out)) if (statSync(file).mtimeMs < began - 2000) rmSync(file)
  writeFileSync(join(out, '.stamp'), before)
  progress.end('done')
}

/**
 * @param {string} root
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<{ code: number | string, text: string }>}
 */
function run(root, node, args) {
  // Whatever whoever builds is busy with: another value makes pages that check themselves, and do everything twice.
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const take = (/** @type {Buffer} */ chunk) => {
    text += chunk.toString()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: error.message, text }))
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', text }))
  })
}

/** @param {string} root */
function hashSources(root) {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of listFiles(join(root, source))) {
      const content = readFileSync(file)
      hash.update(`${file.slice(root.length)} ${content.length}\n`).update(content)
    }
  }
  return hash.digest('hex')
}

/**
 * Every file below a path in a stable order; the path itself when it is a file, nothing when it does not exist.
 * @param {string} path
 * @returns {string[]}
 */
function listFiles(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  if (!stat.isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)))
}
