// Answers, as lines of JSON on stdout, whether electron's own `install.js` could get its binary from here: first which host
// it would ask, then what came of asking. A program of its own (`node electron-source.mjs <root>`), because it needs Node 24
// and packages; it lets the downloader of electron work out cache, mirror and proxy, and stops it before it downloads.
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const requireThere = createRequire(join(process.argv[2] ?? '', 'node_modules', 'electron', 'install.js'))
const { downloadArtifact } = requireThere('@electron/get')

/** @param {object} line */
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`)

/** Words for what `fetch` throws, by the code of its cause. */
const troubles = new Map([
  ['ENOTFOUND', 'is not known here'],
  ['EAI_AGAIN', 'is not known here'],
  ['ECONNREFUSED', 'refuses connections'],
  ['ECONNRESET', 'hung up'],
  ['UND_ERR_SOCKET', 'hung up'],
  ['ENETUNREACH', 'cannot be reached from here'],
  ['EHOSTUNREACH', 'cannot be reached from here'],
])

/**
 * Asks for the archive and reads nothing but the head of the answer: a HEAD request is refused by some hosts.
 * @param {string} url
 */
async function ask(url) {
  const { host, username, password } = new URL(url)
  say({ host })
  // `fetch` refuses it with a message that tells the password.
  if (username || password) return say({ ok: false, why: `the address of \`${host}\` must not hold a password` })
  try {
    const answer = await fetch(url)
    await answer.body?.cancel()
    if (!answer.ok) return say({ ok: false, why: `\`${host}\` answers ${answer.status}` })
    const length = Number(answer.headers.get('content-length') ?? '')
    return say({ ok: true, bytes: length > 0 ? length : null })
  } catch (error) {
    const code = /** @type {{ cause?: { code?: string } }} */ (error).cause?.code ?? 'unknown'
    return say({ ok: false, why: `\`${host}\` ${troubles.get(code) ?? `cannot be asked (${code})`}` })
  }
}

class Asked extends Error {}

// The same as install.js orders, so that its cache, its mirror and its file are meant.
const { env } = process
const order = {
  version: requireThere('./package.json').version,
  artifactName: 'electron',
  force: env.force_no_cache === 'true',
  cacheRoot: env.electron_config_cache,
  checksums: requireThere('./checksums.json'),
  platform: env.ELECTRON_INSTALL_PLATFORM || env.npm_config_platform || process.platform,
  arch: env.ELECTRON_INSTALL_ARCH || env.npm_config_arch || process.arch,
  downloader: {
    async download(/** @type {string} */ url) {
      await ask(url)
      throw new Asked()
    },
  },
}
try {
  await downloadArtifact(order)
  say({ ok: true, bytes: 0 })
} catch (error) {
  if (!(error instanceof Asked))
    say({ ok: false, why: 'there is none for this system, or ELECTRON_MIRROR is no address' })
}
process.exit()
