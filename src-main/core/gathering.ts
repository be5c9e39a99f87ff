/** A part that is kept as it came; shorter ones are put together. */
const largePart = 8192

/**
 * Gathers what comes in parts. A bound on bytes bounds memory only if parts cost no more than their bytes, which as buffers of their own
 * tiny ones do a hundred times over: large ones are kept as they are, small ones are put together.
 */
export function createGathering() {
  /** The first part, while it is all there is: most come alone, and are not copied. */
  let only: Buffer | null = null
  let parts: Buffer[] = []
  let size = 0
  let room = Buffer.alloc(0)
  let used = 0

  function endRoom(): void {
    if (used > 0) parts.push(room.subarray(0, used))
    room = Buffer.alloc(0)
    used = 0
  }

  function keep(part: Buffer): void {
    if (part.length >= largePart) {
      endRoom()
      parts.push(isWhole(part) ? part : Buffer.from(part))
      return
    }
    if (used + part.length > room.length) {
      endRoom()
      room = Buffer.allocUnsafeSlow(largePart)
    }
    part.copy(room, used)
    used += part.length
  }

  return {
    size: () => size,

    /** Keeps a large part as it is, if it is a buffer of its own: whoever gives it must not change it. */
    add(part: Buffer): void {
      if (size === 0) only = part
      else {
        if (only) keep(only)
        only = null
        keep(part)
      }
      size += part.length
    },

    look: () => Buffer.concat([...(only ? [only] : []), ...parts, room.subarray(0, used)]),

    /** All of it, and none of it is kept: what came in one part as that, else in a buffer of its own. */
    take(): Buffer {
      const whole = only ?? joined()
      only = null
      parts = []
      size = 0
      return whole
    },
  }

  function joined(): Buffer {
    endRoom()
    const whole = Buffer.allocUnsafeSlow(size)
    let at = 0
    for (const part of parts) at += part.copy(whole, at)
    return whole
  }
}

/** Whether it is all of its memory, and nobody else's. */
function isWhole({ length, buffer }: Buffer): boolean {
  return length === buffer.byteLength
}
