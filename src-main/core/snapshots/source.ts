import { CallError } from '../../../shared/call-errors.ts'
import type { PolicyDraft, PolicySource } from '../../../shared/policy-tools.ts'
import type { PolicyProblem } from '../../../shared/policy-view.ts'
import type { PolicyFile } from '../policy/rule.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import type { Compiler } from './compiler.ts'
import { type FolderContent, folderProblem, holdsRules, isRuleFile, noFiles } from './read-folder.ts'

/** A policy that somebody asked about; without a snapshot, its problems say why, or there is none in force. */
export type FoundPolicy = { snapshot: Snapshot | null; problems: PolicyProblem[]; warnings: PolicyProblem[] }

/** Where policies are found. */
export type PolicyPlaces = {
  inForce: () => Snapshot | null
  /** The files as they lie in their folders now. */
  read: () => FolderContent
  /** A policy that was once in force; null when it is not on record or cannot be compiled any more. */
  past: (hash: string) => Snapshot | null
  compile: Compiler
}

/** The policy that is meant. Throws `CallError` NOT_FOUND when none of this hash is on record. */
export function findPolicy(source: PolicySource, places: PolicyPlaces): FoundPolicy {
  if (source === 'in_force') return { snapshot: places.inForce(), problems: [], warnings: [] }
  if (source === 'folder') return compiled(places.read(), places.compile)
  if ('draft' in source) return compiled(withDraft(places.read(), source.draft), places.compile)
  const snapshot = places.past(source.hash)
  if (snapshot) return { snapshot, problems: [], warnings: [] }
  throw new CallError(
    'NOT_FOUND',
    `no policy \`${source.hash.slice(0, 12)}\` is on record, or it cannot be read any more`,
  )
}

function compiled({ files, problems }: FolderContent, compile: Compiler): FoundPolicy {
  const result = compile(files)
  const all = [...problems, ...result.problems]
  return { snapshot: all.length === 0 ? result.snapshot : null, problems: all, warnings: result.warnings }
}

/** The folder as it would be with a draft; what is wrong with a file that the draft replaces is not wrong any more. */
function withDraft(folder: FolderContent, { files: drafted, on }: PolicyDraft): FolderContent {
  const replaced = new Set(drafted.map(({ path }) => path))
  const stays = ({ path, origin }: PolicyFile) => origin === 'org' || (on === 'folder' && !replaced.has(path))
  const problems = on === 'folder' ? folder.problems.filter(({ file }) => !replaced.has(file)) : []
  const fresh = drafted.flatMap(({ path, text }): PolicyFile[] =>
    text === null || !isRuleFile(path) ? [] : [{ path, text, origin: 'local' }],
  )
  const wrong = drafted.filter(({ path }) => !isRuleFile(path)).map(({ path }) => folderProblem(path, notARuleFile))
  const files = [...folder.files.filter(stays), ...fresh]
  const [first] = drafted
  const none = first && !holdsRules(files) ? [folderProblem(first.path, noFiles)] : []
  return { files, problems: [...problems, ...wrong, ...none] }
}

const notARuleFile = {
  message: 'a file of this name is not read as policy',
  expected: 'a name that ends in `.yaml` or `.yml`',
  suggestion: 'rename it',
}
