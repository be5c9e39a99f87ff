import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePolicyFiles } from '../../../src-main/core/policy/parse.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'

/**
 * The bad rule files beside this script, and what is said about each. Run this file to write the expectations anew, then
 * read the difference: every sentence must still help the person who made the mistake.
 */
const folder = join(import.meta.dirname, 'errors')

/** Names of the cases; `NAME.second.yaml` belongs to the case `NAME`. */
export function errorCases(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('.second.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
}

export function filesOf(name: string): PolicyFile[] {
  return readdirSync(folder)
    .filter((file) => file === `${name}.yaml` || file === `${name}.second.yaml`)
    .map((file) => ({ path: file, text: readFileSync(join(folder, file), 'utf8'), origin: 'local' }))
}

export function expectedOf(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
}

if (import.meta.main) {
  for (const name of errorCases()) {
    const { problems } = parsePolicyFiles(filesOf(name))
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(problems, null, 2)}\n`)
  }
}
