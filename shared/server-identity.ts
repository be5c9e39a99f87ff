import { z } from 'zod'

/** A file of code that a server runs: its program, the script that an interpreter is given, or what an option loads before. */
export const RunFile = z.strictObject({
  role: z.enum(['program', 'script', 'loaded']),
  /** Absolute and real: no symbolic link is left in it. */
  path: z.string(),
  /** SHA-256 of its content, hex. */
  sha256: z.string(),
  /** Bytes. */
  size: z.int(),
})
export type RunFile = z.infer<typeof RunFile>

/** The package that a package runner would start. */
export const RunPackage = z.strictObject({ name: z.string(), version: z.string() })
export type RunPackage = z.infer<typeof RunPackage>

/** What a server consists of on this machine beside its command line. */
export const IdentityView = z.strictObject({
  files: z.array(RunFile),
  /** Null where no package is run, or where its version cannot be known without the network. */
  package: RunPackage.nullable(),
  /** What is run and not pinned, in words. */
  unpinned: z.array(z.string()),
})
export type IdentityView = z.infer<typeof IdentityView>
