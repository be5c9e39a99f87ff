// Answers: does node_modules hold what package-lock.json asks for, and if not, puts it there.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { SetupError } from './error.mjs'
import { startProgress } from './progress.mjs'

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} LockedPackage */

/**
 * Whether node_modules matches the lock file. The stamp that this leaves makes the next look fast; without one, npm's own
 * note of what it installed is compared, so that `npm ci` or `npm install` by hand count too.
 * @param {string} root repository folder
 */
export function isInstalled(root) {
  const lock = read(join(root, 'package-lock.json'))
  if (lock === null)
    throw new SetupError('package-lock.json is missing', 'restore it with `git checkout package-lock.json`')
  const stamp = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`
  const stampFile = join(root, 'node_modules', '.toolgate-lock')
  if (read(stampFile) === stamp) return true
  const note = read(join(root, 'node_modules', '.package-lock.json'))
  if (note === null || !holds(JSON.parse(note).packages, JSON.parse(lock).packages)) return false
  writeFileSync(stampFile, stamp)
  return true
}

/**
 * Whether every package that is wanted is there in the wanted version; optional ones may be missing (other platforms).
 * @param {Record<string, LockedPackage>} installed
 * @param {Record<string, LockedPackage>} wanted
 */
function holds(installed, wanted) {
  return Object.entries(wanted).every(([path, want]) => {
    if (path === '' || want.link) return true
    const have = installed[path]
    if (!have) return want.optional === true
    return have.version === want.version && have.integrity === want.integrity
  })
}

/** What of the packages of this repository is wanted: all of it. */
const everything = ['--include=dev', '--include=optional']

/**
 * Runs `npm ci` and shows that it is working; throws `SetupError` with npm's own words when it fails.
 * @param {string} root folder of package.json: the repository, unless `flags` say what is wanted of another
 * @param {string[]} [flags] of npm
 */
export async function install(root, flags = everything) {
  refuseLinkedFolder(root)
  const progress = startProgress('installing packages with `npm ci`')
  const { code, lines } = await npmCi(root, flags, (packages) => progress.note(`${packages} packages`))
  if (code !== 0) {
    progress.end('failed')
    const said = lines.filter((line) => /^npm (error|ERR!)\s+(?!at )\S/.test(line))
    throw new SetupError(
      `\`npm ci\` failed (${code})\n${(said.length ? said.slice(0, 10) : lines.slice(-10)).join('\n')}`,
      'check the network and the npm registry, then run `npm ci` by hand to see all of it',
    )
  }
  if (!isInstalled(root)) {
    progress.end('incomplete')
    throw new SetupError('`npm ci` ended well but packages are missing', 'run `npm ci` by hand and read its warnings')
  }
  progress.end('done')
}

/**
 * A linked node_modules belongs to another checkout, which `npm ci` would empty under its feet.
 * @param {string} root
 */
function refuseLinkedFolder(root) {
  const folder = join(root, 'node_modules')
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return
  throw new SetupError(
    `node_modules is a link to \`${realpathSync(folder)}\`, which does not match this package-lock.json`,
    'run `npm ci` there, or remove the link',
  )
}

/**
 * @param {string} root
 * @param {string[]} flags
 * @param {(packages: number) => void} note called with how many packages were fetched so far
 * @returns {Promise<{ code: number | string, lines: string[] }>}
 */
function npmCi(root, flags, note) {
  const args = ['ci', ...flags, '--no-audit', '--no-fund', '--loglevel=http']
  const npmCli = process.env.npm_execpath
  // Under npm its own script is known. Otherwise `npm`, which on Windows is a command file that only a shell can run.
  const child = npmCli?.endsWith('.js')
    ? spawn(process.execPath, [npmCli, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  /** @type {string[]} */
  const lines = []
  const take = (/** @type {string} */ line) => {
    if (line.trim() === '') return
    lines.push(line.trimEnd())
    const archive = fetchedArchive(line)
    if (archive) note(archives.add(archive).size)
  }
  const archives = new Set()
  createInterface({ input: child.stdout }).on('line', take)
  createInterface({ input: child.stderr }).on('line', take)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: error.message, lines }))
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', lines }))
  })
}

/**
 * The address of the package that npm says it has fetched, from the network or its cache; null when the line says otherwise.
 * @param {string} line of npm's log at level http
 */
export function fetchedArchive(line) {
  return /^npm http \w+ .*?(https?:\S+\.tgz)/.exec(line)?.[1] ?? null
}

/**
 * Text of a file, or null when there is none.
 * @param {string} file
 */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null
    throw error
  }
}
