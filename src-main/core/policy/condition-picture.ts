import type { Envelope } from '../../../shared/envelope.ts'
import { patternBudget, patternMeter, type RecordName, recordClasses, variableNames } from './condition-language.ts'
import { type Extent, workBudget, workMeter } from './condition-work.ts'

/** Bounds on what a condition sees of a call; what lies beyond cannot be read, and trying to read it is an error. */
export const bounds = { text: 32_768, items: 200, depth: 16, values: 5_000 }

/**
 * Stands in for a value that is beyond the bounds. It is an instance of a class that the language does not know, so every
 * use of it, even `has()`, fails, and a failing condition denies the call.
 */
class TooLarge {}
const tooLarge = new TooLarge()

/**
 * The envelope as conditions see it: typed, bounded, made once per decision and only as far as conditions look. Arguments
 * are copied into `Map`s, where keys such as `__proto__` and `constructor` are only keys.
 */
export class Picture {
  readonly #envelope: Envelope
  readonly #extents = new Map<string, Extent>()

  constructor(envelope: Envelope) {
    this.#envelope = envelope
    // INVARIANT: decisions are made one after the other, each with a full budget of its own.
    patternMeter.left = patternBudget
    workMeter.left = workBudget
  }

  /** How large the value of one variable is; nothing of other names. */
  extentOf(name: string): Extent {
    let extent = this.#extents.get(name)
    if (extent === undefined) {
      extent = variableNames.includes(name) ? extentOf(this[name as keyof Picture]) : none
      this.#extents.set(name, extent)
    }
    return extent
  }

  /** Makes a value and keeps it in the place of its getter: a hundred conditions may read it. */
  #keep<T>(name: keyof Picture, value: T): T {
    Object.defineProperty(this, name, { value })
    return value
  }
  #record(name: RecordName, fields: Record<string, unknown>): unknown {
    const record = new recordClasses[name]() as Record<string, unknown>
    for (const [key, value] of Object.entries(fields)) record[key] = bounded(value)
    return this.#keep(name, record)
  }

  get call() {
    return this.#record('call', this.#envelope.call)
  }
  get client() {
    return this.#record('client', this.#envelope.client)
  }
  get user() {
    return this.#record('user', this.#envelope.user)
  }
  get server() {
    return this.#record('server', this.#envelope.server)
  }
  get tool() {
    return this.#record('tool', { ...this.#envelope.tool, tier: BigInt(this.#envelope.tool.tier) })
  }
  get resource() {
    return this.#record('resource', this.#envelope.resource)
  }
  get scopes() {
    return this.#record('scopes', this.#envelope.scopes)
  }
  get tenant() {
    return this.#record('tenant', this.#envelope.tenant)
  }
  get risk() {
    const { score, factors } = this.#envelope.risk
    return this.#record('risk', { score: BigInt(Math.ceil(score)), factors })
  }
  get args() {
    return this.#keep('args', bounded(this.#envelope.args))
  }
  get labels() {
    return this.#keep('labels', bounded(this.#envelope.labels))
  }
  get risk_tags() {
    return this.#keep('risk_tags', bounded(this.#envelope.risk_tags))
  }
  get environment() {
    return bounded(this.#envelope.environment)
  }
  get purpose() {
    return bounded(this.#envelope.purpose)
  }
}

const none: Extent = { items: 1, text: 0 }

/** Of what lies beyond the bounds conditions see nothing, so it does not count. */
function extentOf(value: unknown): Extent {
  const extent = { items: 1, text: 0 }
  measure(value, bounds.depth + 2, extent, { values: 2 * bounds.values })
  return extent
}

function measure(value: unknown, depth: number, extent: Extent, left: { values: number }): void {
  if (typeof value === 'string') extent.text += Math.min(value.length, bounds.text)
  if (typeof value !== 'object' || value === null || depth === 0) return
  const items: readonly unknown[] =
    value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : Object.values(value)
  // Records are no lists that a condition could go over.
  if (value instanceof Map || Array.isArray(value)) extent.items = Math.max(extent.items, items.length)
  for (const item of items) {
    if (--left.values < 0) return
    measure(item, depth - 1, extent, left)
  }
}

function bounded(value: unknown): unknown {
  return copy(value, bounds.depth, { values: bounds.values })
}

function copy(value: unknown, depth: number, left: { values: number }): unknown {
  if (typeof value === 'string') return value.length > bounds.text ? tooLarge : value
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0 || left.values <= 0) return tooLarge
  if (Array.isArray(value)) {
    if (value.length > bounds.items) return tooLarge
    left.values -= value.length
    return value.map((item) => copy(item, depth - 1, left))
  }
  const keys = Object.keys(value)
  if (keys.length > bounds.items || keys.some((key) => key.length > bounds.text)) return tooLarge
  left.values -= keys.length
  const copied = new Map<string, unknown>()
  for (const key of keys) copied.set(key, copy((value as Record<string, unknown>)[key], depth - 1, left))
  return copied
}
