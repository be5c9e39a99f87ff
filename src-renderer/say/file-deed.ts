import type { Action } from '../../shared/envelope.ts'
import type { SentenceFacts, SentencePart } from './sentence-part.ts'
import { commonFolder, shortPath, splitPath } from './short-path.ts'
import { atMost, givenUnder, hasAny, isTexts, wordsOf } from './tool-words.ts'

/** A verb for files: words of tool names that mean it, and the gravest reviewed action that it still describes. */
type Verb = { words: string; most: Action; verb: string; graver?: string; of: 'file' | 'folder' }

const verbs: readonly Verb[] = [
  { words: 'delete remove rm unlink trash erase', most: 'destructive', verb: 'delete', of: 'file' },
  { words: 'edit patch modify replace update insert append apply', most: 'destructive', verb: 'edit', of: 'file' },
  {
    words: 'write save create put overwrite upload',
    most: 'destructive',
    verb: 'write',
    graver: 'create or overwrite',
    of: 'file',
  },
  { words: 'list ls tree', most: 'read', verb: 'list', of: 'folder' },
  { words: 'search find grep glob', most: 'read', verb: 'search', of: 'folder' },
  { words: 'read get view cat open show head tail stat info', most: 'read', verb: 'read', of: 'file' },
]

const onePath = 'path file_path filePath filepath file filename file_name target_file directory dir folder uri'
const manyPaths = 'paths files file_paths filePaths'
const pairs = [
  ['source', 'destination'],
  ['src', 'dst'],
  ['from', 'to'],
  ['old_path', 'new_path'],
  ['oldPath', 'newPath'],
] as const
/** With one of these a path is one of somewhere else: a repository, a bucket, a host. */
const elsewhere = 'repo repository owner project project_id bucket url host container'.split(' ')

/** What a call does to files and folders, as it follows “wants to”; null when it is about something else. */
export function fileDeed(
  call: SentenceFacts,
  args: Record<string, unknown>,
  home: string | null,
): SentencePart[] | null {
  if (elsewhere.some((name) => typeof args[name] === 'string')) return null
  const words = wordsOf(call.tool)
  const place = (path: string) => shortPath(whole(path, call.resources), home)
  // Of several places nobody here knows which count.
  const ends = pairs.flat().filter((name) => typeof args[name] === 'string')
  const given = givenUnder(args, `${onePath} ${manyPaths}`)
  if (ends.length > 0) {
    const pair =
      given.length === 0 && ends.length === 2 && pairs.find((names) => names.every((name) => ends.includes(name)))
    return pair ? pairDeed(words, place(String(args[pair[0]])), place(String(args[pair[1]]))) : null
  }
  if (given.length > 1) return null
  const paths = pathsOf(given[0])?.map(place)
  if (!paths) return null
  const [first] = paths
  const makesFolder = words.has('mkdir') || (hasAny(words, 'create make new') && hasAny(words, 'directory folder dir'))
  if (makesFolder && paths.length === 1) return [{ text: 'create the folder ' }, { text: first ?? '', strong: true }]
  const found = verbs.find((verb) => hasAny(words, verb.words))
  if (!found || !atMost(call.action, found.most)) return null
  const verb = call.action === 'destructive' ? (found.graver ?? found.verb) : found.verb
  if (found.of === 'folder' && paths.length === 1) return [{ text: `${verb} ` }, { text: first ?? '', strong: true }]
  return [{ text: `${verb} ` }, ...files(paths)]
}

function pairDeed(words: ReadonlySet<string>, from: string, to: string): SentencePart[] | null {
  const verb = hasAny(words, 'move rename mv') ? 'move' : hasAny(words, 'copy cp duplicate') ? 'copy' : null
  if (verb === null) return null
  const [a, b] = [splitPath(from), splitPath(to)]
  if (verb === 'move' && a.folder === b.folder) {
    return [{ text: 'rename ' }, ...files([from]), { text: ' to ' }, { text: b.name, strong: true }]
  }
  return [{ text: `${verb} ` }, { text: from, strong: true }, { text: ' to ' }, { text: to, strong: true }]
}

function pathsOf(given: unknown): string[] | null {
  if (typeof given !== 'string') return isTexts(given) ? given : null
  if (/^(?!file:)[a-z][\w+.-]+:\/\//i.test(given)) return null
  return [given.replace(/^file:\/\/(?=\/)/, '')]
}

/** The path as the gateway resolved it, where that is beyond doubt: a relative one, or a link, says little by itself. */
function whole(path: string, resources: readonly string[]): string {
  const places = resources.filter((resource) => !resource.includes('://'))
  const trimmed = path.length > 1 ? path.replace(/\/+$/, '') : path
  if (places.includes(trimmed)) return trimmed
  const [only, ...others] = places
  if (only !== undefined && others.length === 0) return only
  const ends = places.filter((candidate) => candidate.endsWith(`/${trimmed.replace(/^\.\//, '')}`))
  return ends.length === 1 && ends[0] !== undefined ? ends[0] : path
}

function files(paths: readonly string[]): SentencePart[] {
  const folder = commonFolder(paths)
  const names = paths.map((path) => splitPath(path).name)
  const within: SentencePart[] = folder === '' ? [] : [{ text: ' in ' }, { text: folder, strong: true }]
  const together = paths.every((path) => splitPath(path).folder === folder)
  if (paths.length > 2 || !together) return [{ text: `${paths.length} files`, strong: true }, ...within]
  return [
    ...names.flatMap((name, at) => [...(at > 0 ? [{ text: ' and ' }] : []), { text: name, strong: true }]),
    ...within,
  ]
}
