/** The demo did not show what it promises; `lines` tell what was there instead. */
export class DemoError extends Error {
  readonly lines: readonly string[]
  constructor(message: string, lines: readonly string[] = []) {
    super(message)
    this.name = 'DemoError'
    this.lines = lines
  }
}

/** Throws `DemoError` unless what a step promises came true. */
export function expect(holds: boolean, promised: string, seen: unknown): asserts holds {
  if (holds) return
  const text = typeof seen === 'string' ? seen : (JSON.stringify(seen) ?? 'nothing')
  throw new DemoError(`it promises that ${promised}, but this is what came:`, text.split('\n'))
}

/** What `work` gives; throws `DemoError` when it takes longer than `seconds`. */
export async function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DemoError(`${what} took longer than ${seconds} s`)), seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
