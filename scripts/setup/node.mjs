// Answers: which Node runs Toolgate. better-sqlite3 needs Node-API 10 and crashes without a word on anything older.
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { SetupError } from './error.mjs'

/**
 * Path of the Node that came with the packages, else of the one that runs this when it is new enough.
 * @param {string} root repository folder
 */
export function findNode(root) {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const bundled = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', file)
  if (existsSync(bundled)) return bundled
  if (Number(process.versions.napi ?? 0) >= 10) return process.execPath
  throw new SetupError(
    `Toolgate needs Node 24, this is ${process.version}, and no Node 24 came with the packages for ${process.platform}-${process.arch}`,
    'install Node 24 (https://nodejs.org) and run the command again',
  )
}

/**
 * The environment in which a plain `node` means that Node.
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function nodeEnvironment(node) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...process.env, [name]: `${dirname(node)}${delimiter}${process.env[name] ?? ''}` }
}
