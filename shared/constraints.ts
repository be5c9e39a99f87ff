import { z } from 'zod'

/** Lower case, because that is how the envelope and the network know hosts. */
const Host = z
  .string()
  .max(253)
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/)

/** An absolute folder, without `..` or a slash at its end, so that one stands for one place. */
const Folder = z
  .string()
  .max(4096)
  .regex(/^(\/|[A-Za-z]:[\\/])/)
  .refine((path) => !/(^|[\\/])\.{1,2}([\\/]|$)/.test(path), { error: 'one place needs one name' })
  .transform((path) => (path.length > 3 ? path.replace(/[\\/]+$/, '') : path))

/** A name as it stands in a statement or a result: of a table, with or without its schema, or of a field. */
const Name = z.string().min(1).max(200)

/** Who shares one count of a rate limit. */
export const rateScopes = ['client', 'tool', 'user'] as const

/** So many calls in so many seconds, counted for each client, each tool or each user. */
export const RateLimit = z.strictObject({
  max_calls: z.int().min(1).max(1_000_000),
  per_sec: z.int().min(1).max(86_400),
  by: z.enum(rateScopes),
})
export type RateLimit = z.infer<typeof RateLimit>

/** A single value stands for a list of one. */
function list<T extends z.ZodType>(item: T, most: number) {
  const wrap = (value: unknown) => (value === undefined || Array.isArray(value) ? value : [value])
  return z.preprocess(wrap, z.array(item).max(most).optional())
}

/** Bounds on how an allowed call runs (blueprint section 2; seed 001 `constraints`, seed 002 `constraints` and `dlp`). */
export const Constraints = z.strictObject({
  /** Seconds from forwarding to the answer. */
  max_runtime_sec: z.int().min(1).max(86_400).optional(),
  /** Repetitions after a failed attempt; only tools reviewed as repeatable are ever repeated. */
  max_retries: z.int().min(0).max(10).optional(),
  /** All of them hold. */
  rate_limit: list(RateLimit, 20),
  /** Bytes of the answer. */
  max_bytes: z.int().min(1).max(1_073_741_824).optional(),
  /** Rows that a query may give back. */
  max_rows: z.int().min(1).max(10_000_000).optional(),
  /** Host names that the tool may reach; empty means none. */
  network_allowlist: list(Host, 1000),
  /** Folders that the server may read; empty means none but what it needs to run. */
  read_paths: list(Folder, 200),
  /** Folders that the server may write; empty means none. */
  write_paths: list(Folder, 200),
  /** SQL that only reads; a tool that takes none must be one that reads. */
  read_only: z.boolean().optional(),
  /** Tables that SQL may not touch, by their last name or with their schema. */
  blocked_tables: list(Name, 1000),
  /** SQL must say which rows. */
  require_where_clause: z.boolean().optional(),
  /** Fields of results whose values are masked, whatever they hold. */
  mask_fields: list(Name, 1000),
})
export type Constraints = z.infer<typeof Constraints>
