// Answers: which browser the tests drive, and gets one where there is none: a Chromium or Chrome of the system, else
// Playwright's download, else, as root on Debian, the system's package.
import { execFile, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { SetupError } from './error.mjs'
import { startProgress } from './progress.mjs'

/**
 * What is asked of this machine; tests ask another.
 * @typedef {{
 *   platform: string,
 *   env: NodeJS.ProcessEnv,
 *   home: string,
 *   root: boolean,
 *   isProgram: (path: string) => boolean,
 *   isFile: (path: string) => boolean,
 *   starts: (path: string) => Promise<boolean>,
 *   playwrightPath: () => Promise<string | null>,
 *   run: (what: string, words: string[], limitMs: number) => Promise<boolean>,
 * }} Machine
 */

/** How long a program may take to say its version, or where it would be. */
const questionMs = 30_000
const downloadMs = 5 * 60_000
const packageMs = 5 * 60_000

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'google-chrome-beta']
const aptGet = '/usr/bin/apt-get'

/**
 * A browser that is there already: the one that CHROME_PATH names, else one of the system, else one that Playwright has
 * brought; null when there is none. Throws `SetupError` when CHROME_PATH names something else than a program that starts.
 * @param {Machine} machine
 * @returns {Promise<string | null>}
 */
export async function findBrowser(machine) {
  const named = machine.env.CHROME_PATH
  if (named) {
    if (machine.isProgram(named) && (await machine.starts(named))) return named
    throw new SetupError(`CHROME_PATH names \`${named}\`, which does not start`, 'correct or unset CHROME_PATH')
  }
  for (const path of [...systemPlaces(machine), await machine.playwrightPath()]) {
    if (path !== null && machine.isProgram(path) && (await machine.starts(path))) return path
  }
  return null
}

/**
 * As `findBrowser`, but gets a browser where there is none. Throws `SetupError` with the command that a person can run.
 * @param {Machine} machine
 * @returns {Promise<string>}
 */
export async function provideBrowser(machine) {
  const there = await findBrowser(machine)
  if (there !== null) return there
  for (const get of [download, installPackage]) {
    // A download may come and still not start, because a bare system lacks its libraries: so look again each time.
    const found = (await get(machine)) ? await findBrowser(machine) : null
    if (found !== null) return found
  }
  throw noBrowser(machine)
}

/**
 * What to tell a person who has no browser for the tests.
 * @param {Machine} machine
 */
export function noBrowser(machine) {
  return new SetupError(
    'the tests of pages need a Chromium or Chrome, there is none here and none could be fetched',
    `run \`${commandFor(machine)}\`, or name one in CHROME_PATH`,
  )
}

/**
 * This machine, for a checkout whose packages are installed; `node` is the Node that runs them.
 * @param {{ root: string, node: string, env: NodeJS.ProcessEnv }} ready
 * @returns {Machine}
 */
export function thisMachine({ root, node, env }) {
  /** @type {(words: string[]) => Promise<{ ok: boolean, text: string }>} */
  const execute = ([command = '', ...args]) =>
    new Promise((resolve) => {
      const options = { cwd: root, env, timeout: questionMs, killSignal: /** @type {const} */ ('SIGKILL') }
      execFile(command, args, options, (error, stdout) => resolve({ ok: error === null, text: stdout }))
    })
  const ask = "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))"
  return {
    platform: process.platform,
    env,
    home: homedir(),
    root: process.getuid?.() === 0,
    isProgram: (path) => isAccessible(path, constants.X_OK),
    isFile: (path) => isAccessible(path, constants.R_OK),
    // On Windows the question would open a window; there a program that exists is taken to start.
    starts: async (path) => process.platform === 'win32' || (await execute([path, '--version'])).ok,
    playwrightPath: async () => (await execute([node, '-e', ask])).text.trim() || null,
    async run(what, [command = '', ...args], limitMs) {
      const progress = startProgress(what)
      const child = spawn(command === 'node' ? node : command, args, {
        cwd: root,
        env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
        stdio: 'ignore',
        timeout: limitMs,
      })
      const ok = await new Promise((resolve) => {
        child.on('error', () => resolve(false))
        child.on('exit', (code) => resolve(code === 0))
      })
      progress.end(ok ? 'done' : 'failed')
      return ok
    },
  }
}

/**
 * @param {Machine} machine
 * @returns {string[]}
 */
function systemPlaces({ platform, env, home }) {
  if (platform === 'darwin') {
    const apps = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome']
    return ['/Applications', join(home, 'Applications')].flatMap((folder) => apps.map((app) => join(folder, app)))
  }
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA]
    const files = ['Chromium\\Application\\chrome.exe', 'Google\\Chrome\\Application\\chrome.exe']
    // Every Windows has Edge, which is a Chromium: so it comes last.
    return [...files, 'Microsoft\\Edge\\Application\\msedge.exe'].flatMap((file) =>
      folders.flatMap((folder) => (folder ? [`${folder}\\${file}`] : [])),
    )
  }
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/snap/bin'].filter((folder) => folder !== '')
  return programs.flatMap((program) => [...new Set(folders)].map((folder) => join(folder, program)))
}

/** @param {Machine} machine */
function download(machine) {
  // Browsers that other projects got from Playwright stay as they are.
  const words = [
    'node',
    join('node_modules', 'playwright-core', 'cli.js'),
    'install',
    'chromium',
    '--no-shell',
    '--no-remove',
  ]
  return machine.run('fetching a browser for the tests', words, downloadMs)
}

/** @param {Machine} machine */
async function installPackage(machine) {
  return installDebianPackage(machine, 'chromium')
}

/**
 * Installs a package of the system, as root on Debian; says whether that worked.
 * @param {Machine} machine
 * @param {string} name
 */
export async function installDebianPackage(machine, name) {
  if (!machine.root || !isDebian(machine)) return false
  const what = `installing the package \`${name}\` for the tests`
  await machine.run('reading the lists of packages', [aptGet, 'update'], packageMs)
  return machine.run(what, [aptGet, 'install', '-y', '--no-install-recommends', name], packageMs)
}

/** @param {Machine} machine */
function isDebian(machine) {
  return machine.platform === 'linux' && machine.isFile('/etc/debian_version') && machine.isProgram(aptGet)
}

/** @param {Machine} machine */
function commandFor(machine) {
  if (!isDebian(machine)) return 'npx playwright-core install chromium'
  return `${machine.root ? '' : 'sudo '}apt-get install -y --no-install-recommends chromium`
}

/**
 * @param {string} path
 * @param {number} mode
 */
function isAccessible(path, mode) {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
