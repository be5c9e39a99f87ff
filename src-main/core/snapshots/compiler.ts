import type { ToolSchemas } from '../policy/argument-types.ts'
import type { ReadPolicy } from '../policy/parse.ts'
import type { PolicyFile } from '../policy/rule.ts'
import { compileSnapshot, hashFiles } from '../policy/snapshot.ts'

/** Compiles a set of files; see `compileSnapshot`. */
export type Compiler = (files: readonly PolicyFile[], schemas?: ToolSchemas) => ReturnType<typeof compileSnapshot>

/**
 * A compiler that gives the same answer again when the files are the same as the last time: each start compiles what was in
 * force and then finds, nearly always, just that in the folders.
 */
export function createCompiler(sha256: (text: string) => string, read?: ReadPolicy): Compiler {
  let last: ReturnType<Compiler> | null = null
  return (files, schemas) => {
    if (last?.snapshot && last.snapshot.hash === hashFiles(files, sha256)) return last
    last = compileSnapshot(files, sha256, schemas, read)
    return last
  }
}
