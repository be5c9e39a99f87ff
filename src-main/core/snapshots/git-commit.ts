import { type ExecFileOptions, execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join, parse, resolve } from 'node:path'
import type { PolicyCommit } from '../../../shared/policy-tools.ts'
import type { PolicyFile } from '../policy/rule.ts'
import { isRuleFile } from './read-folder.ts'

/**
 * What git is told besides its command: nothing that a repository's own configuration says may start a program. The two
 * commands below read objects and nothing else: no index, no filters, no hooks, no network.
 */
const careful = [
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'protocol.allow=never',
]
const environment = {
  ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0' },
  ...{ GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
}
const longestWords = 500
const mostReviewers = 20

/**
 * The commit that the folder of local rule files is at, as its repository tells it; null when it lies in none, or git is not
 * there. All of it is what whoever made the commit wrote. `dirty`: the files are not those of the commit.
 */
export async function commitOf(
  folder: string,
  files: readonly PolicyFile[],
  path: string,
): Promise<PolicyCommit | null> {
  if (!inWorkTree(folder)) return null
  const git = (...words: string[]) => run(['-C', folder, ...careful, ...words], path)
  const text = await git('cat-file', 'commit', 'HEAD')
  const id = await git('rev-parse', '--verify', 'HEAD^{commit}')
  if (text === null || !/^[0-9a-f]{40,64}\s*$/.test(id ?? '')) return null
  const tree = await git('ls-tree', '-z', 'HEAD')
  return { id: (id ?? '').trim(), ...readCommit(text), dirty: tree === null || !holds(tree, files) }
}

/** Asking git outside of a repository would only cost time. */
function inWorkTree(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true
    if (at === dirname(at)) return false
  }
}

function run(words: readonly string[], path: string): Promise<string | null> {
  // Not in the folder: where programs are also looked for in the current one, it must hold none.
  const options: ExecFileOptions = {
    ...{
      cwd: parse(process.execPath).root,
      timeout: 5000,
      maxBuffer: 4 * 1024 * 1024,
      windowsHide: true,
      shell: false,
    },
    env: { ...environment, PATH: path },
  }
  return new Promise((done) => {
    execFile('git', [...words], options, (error, stdout) => done(error ? null : String(stdout)))
  })
}

/** What a commit object says (git's own format: headers, an empty line, the message). */
function readCommit(text: string): Omit<PolicyCommit, 'id' | 'dirty'> {
  const end = text.indexOf('\n\n')
  const head = end < 0 ? text : text.slice(0, end)
  const message = end < 0 ? '' : text.slice(end + 2).trimEnd()
  const header = (name: string) => new RegExp(`^${name} (.*?)(?: \\d+ [+-]\\d{4})?$`, 'm').exec(head)?.[1] ?? ''
  const subject = message.split('\n', 1)[0] ?? ''
  const trailers = message.split(/\n\s*\n/).at(-1) ?? ''
  const reviewers = [...trailers.matchAll(/^(?:Reviewed|Approved|Acked)-by:[ \t]*(.+)$/gim)].map(([, who]) =>
    brief(who),
  )
  const request =
    /\(#(\d{1,9})\)\s*$|^Merge pull request #(\d{1,9})\b/.exec(subject) ??
    /^(?:PR|Pull-Request|PR-URL):.*?(\d{1,9})\s*$/im.exec(trailers)
  return {
    ...{ author: brief(header('author')), committer: brief(header('committer')), subject: brief(subject) },
    reviewers: [...new Set(reviewers)].slice(0, mostReviewers),
    pull_request: request?.slice(1).find((number) => number !== undefined) ?? null,
  }
}

function brief(words = ''): string {
  return words.trim().slice(0, longestWords)
}

/** Whether the files, and no others that count as policy, are those of a tree (`mode type hash<TAB>name`, each ended by NUL). */
function holds(tree: string, files: readonly PolicyFile[]): boolean {
  const blobs = new Map(
    tree.split('\0').flatMap((line) => {
      const [, hash, name] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
      return hash !== undefined && name !== undefined ? [[name, hash] as const] : []
    }),
  )
  const local = files.filter(({ origin }) => origin === 'local')
  if ([...blobs.keys()].filter(isRuleFile).length !== local.length) return false
  return local.every(({ path, text }) => {
    const hash = blobs.get(path)
    return hash !== undefined && hash === blobHash(text, hash.length === 64 ? 'sha256' : 'sha1')
  })
}

function blobHash(text: string, algorithm: 'sha1' | 'sha256'): string {
  const bytes = Buffer.from(text)
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
