import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ParseResult, parseSync } from 'rolldown/utils'

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A text file by its path below the repository, with forward slashes. */
export type TextFile = { path: string; text: string }

/** What a file imports: the specifier as written, and where. `null` stands for a name that is computed at run time. */
export type Import = { specifier: string | null; line: number }

const notOurs = new Set(['node_modules', 'out', '.git', '.tsbuild', 'coverage', '.profile'])

/** Every file below `folder` whose path matches, in a stable order; none when the folder does not exist. */
export function readFiles(folder: string, pattern: RegExp, below = root): TextFile[] {
  return walk(join(below, folder))
    .map((file) => file.slice(below.replace(/[\\/]$/, '').length + 1).replaceAll('\\', '/'))
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readFileSync(join(below, path), 'utf8') }))
}

/** The TypeScript of the product itself. */
export function sourceFiles(): TextFile[] {
  return ['shared', 'src-main', 'src-renderer'].flatMap((folder) => readFiles(folder, /\.tsx?$/))
}

function walk(folder: string): string[] {
  let entries: import('node:fs').Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return entries
    .filter((entry) => !notOurs.has(entry.name) && !entry.isSymbolicLink())
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]))
}

/** The syntax tree of a file; throws when it is not valid TypeScript. */
export function parse(file: TextFile): ParseResult {
  const result = parseSync(file.path, file.text)
  if (result.errors.length > 0) throw new Error(`${file.path} does not parse: ${result.errors[0]?.message}`)
  return result
}

/** Every import and re-export of a file, types and dynamic ones included. */
export function importsOf(file: TextFile): Import[] {
  const { module } = parse(file)
  const line = (at: number) => lineAt(file.text, at)
  return [
    ...module.staticImports.map((it) => ({ specifier: it.moduleRequest.value, line: line(it.start) })),
    ...module.staticExports.flatMap((it) =>
      it.entries.flatMap((entry) =>
        entry.moduleRequest ? [{ specifier: entry.moduleRequest.value, line: line(it.start) }] : [],
      ),
    ),
    ...module.dynamicImports.map((it) => ({
      specifier: literal(file.text.slice(it.moduleRequest.start, it.moduleRequest.end)),
      line: line(it.start),
    })),
    // `import('./x.ts').X` in a type position is no import for the parser.
    ...[...file.text.matchAll(/\bimport\(\s*'([^']+)'\s*\)\s*\./g)].map((it) => ({
      specifier: it[1] ?? null,
      line: line(it.index),
    })),
  ]
}

/** Path below the repository that a relative specifier of `file` means; null for a package or a `node:` module. */
export function targetOf(file: TextFile, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : null
}

/** Name of the package that a specifier means; null for a relative one or a `node:` module. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return null
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Number of the line that an offset lies on, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function literal(text: string): string | null {
  return /^(['"`])([^'"`$]+)\1$/.exec(text)?.[2] ?? null
}
