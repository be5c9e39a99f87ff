// Answers: whether servers can be put into a sandbox here, for the tests of that, and gets the program where it is missing.
import { delimiter, join } from 'node:path'
import { installDebianPackage } from './browser.mjs'

/**
 * Path of the program that makes sandboxes on Linux; null where there is none and none could be got: then those tests skip,
 * and say so. Other systems bring their own, or have none.
 * @param {Parameters<typeof installDebianPackage>[0]} machine
 * @returns {Promise<string | null>}
 */
export async function provideSandbox(machine) {
  if (machine.platform !== 'linux') return null
  const find = () => {
    const folders = (machine.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
    return folders.map((folder) => join(folder, 'bwrap')).find(machine.isProgram) ?? null
  }
  return find() ?? ((await installDebianPackage(machine, 'bubblewrap')) ? find() : null)
}
