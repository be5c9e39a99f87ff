import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PolicyProblem } from '../../../shared/policy-view.ts'
import type { PolicyFile } from '../policy/rule.ts'
import { isTestFile } from '../policy/tests/test-file.ts'
import { distrust, readTrustedFile, type Wrong } from './trusted-file.ts'

/** The rule files of a folder, and why some of them, or the folder, cannot be trusted. Files count only without problems. */
export type FolderContent = { files: PolicyFile[]; problems: PolicyProblem[] }

const largestFolder = 4 * 1024 * 1024
const mostFiles = 100

/** Files that editors leave around while they save begin with a dot and are not rule files. */
export function isRuleFile(name: string): boolean {
  return /^[^.].*\.(ya?ml|json)$/i.test(name)
}

/**
 * Reads the rule files of a folder, not of its subfolders; a missing folder is an empty one. Whatever cannot be trusted or
 * read is a problem and never skipped: leaving out a file could leave out the rule that denies.
 */
export function readFolder(folder: string, origin: PolicyFile['origin']): FolderContent {
  const content: FolderContent = { files: [], problems: [] }
  const complain = (file: string, wrong: Wrong) => content.problems.push(folderProblem(file, wrong))
  try {
    const real = realpathSync(folder)
    const wrong = distrust(statSync(real), origin, 'folder')
    if (wrong) complain(folder, wrong)
    const names = readdirSync(real).filter(isRuleFile).sort()
    if (names.length > mostFiles) complain(folder, tooMuch)
    let size = 0
    for (const name of names.slice(0, mostFiles)) {
      const path = origin === 'local' ? name : join(folder, name)
      const text = readTrustedFile(real, name, origin)
      if (typeof text !== 'string') {
        complain(path, text)
        continue
      }
      size += text.length
      if (size > largestFolder) complain(path, tooMuch)
      else content.files.push({ path, text, origin })
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    if (code !== 'ENOENT') complain(folder, unreadable(code))
  }
  return content
}

/** A problem of a folder, or of a file as a whole. */
export function folderProblem(file: string, wrong: Wrong): PolicyProblem {
  return { file, line: 1, column: 1, ...wrong }
}

function unreadable(code: string): Wrong {
  return {
    message: `the folder cannot be read (${code})`,
    expected: 'a readable folder',
    suggestion: 'check its permissions',
  }
}

const tooMuch: Wrong = {
  message: 'there is more policy than can be loaded',
  expected: `at most ${mostFiles} files of together 4 MiB`,
  suggestion: 'remove what is not needed, or put rules together',
}

/** A text that changes when the folder or a file in it changes; cheap enough to ask for every few seconds. */
export function folderMark(folder: string): string {
  try {
    const files = readdirSync(folder)
      .filter(isRuleFile)
      .sort()
      .slice(0, mostFiles + 1)
    const marks = [folder, ...files.map((name) => join(folder, name))].map((path) => {
      const stats = statSync(path, { throwIfNoEntry: false }) ?? lstatSync(path)
      return [path, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs, stats.mode, stats.uid]
    })
    return JSON.stringify(marks)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable'
  }
}

/** Whether there is a file of rules among local files; a folder of tests alone decides nothing. */
export function holdsRules(files: readonly PolicyFile[]): boolean {
  return files.some(({ path, origin }) => origin === 'local' && !isTestFile(path))
}

/** What is wrong with a folder that holds no rule file: emptying it must not pass for a policy. */
export const noFiles: Wrong = {
  message: 'the policy folder holds no rule file',
  expected: 'at least one `*.yaml` file',
  suggestion: 'put a rule file there, see docs/policy.md',
}
