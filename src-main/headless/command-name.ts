import { existsSync, realpathSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { packageFolder } from '../host/version.ts'

let known: string | undefined

/** What a person types to run this very program: its bare name where a shell finds it, else through npx, as in a checkout. */
export function commandName(): string {
  known ??= nameIn(process.env.PATH ?? '', join(packageFolder(), 'bin', 'toolgate.mjs'))
  return known
}

/** One of our own sentences, with each command in it as a person here types it. Never for what others wrote: that stays exact. */
export function asTyped(sentence: string): string {
  return sentence.replaceAll('`toolgate ', `\`${commandName()} `)
}

/** The name by which a shell with this search path runs `program`. */
export function nameIn(searchPath: string, program: string): string {
  // npm and npx put such folders there for their own children; the shell of the person does not look there.
  const folders = searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder))
  return folders.some((folder) => leadsTo(folder, program)) ? 'toolgate' : 'npx toolgate'
}

function leadsTo(folder: string, program: string): boolean {
  // On Windows npm writes a command file instead of a link.
  if (process.platform === 'win32') return existsSync(join(folder, 'toolgate.cmd'))
  const file = join(folder, 'toolgate')
  return existsSync(file) && existsSync(program) && realpathSync(file) === realpathSync(program)
}
