import { hash, timingSafeEqual } from 'node:crypto'
import { closeSync, constants, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/**
 * Where the log's head was after the last append: a small file outside the database, so that a tail cut off after the last
 * checkpoint is noticed. `synced`: up to which record the log had been flushed to the disk; a power cut can take only what
 * comes after. `closed`: the log was closed properly, and nothing may follow.
 */
export type HeadMark = { seq: number; hash: string; synced: number; closed: boolean }

/** What was found in place of a mark: nothing at all, or something that the instance's key did not seal. */
export type ReadMark = HeadMark | 'absent' | 'forged'

/** Is it a mark that can be gone by? */
export function isMark(mark: ReadMark | null): mark is HeadMark {
  return typeof mark === 'object' && mark !== null
}

/** The mark always fills the file to the byte, so that it can be overwritten in place. */
const markLength = 256

/** Reads a mark. Without the key the seal is not checked, only the form. */
export function readHeadMark(file: string, key: Buffer | null): ReadMark {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent'
    throw error
  }
  const match = /^toolgate-head 1 (\d{1,16}) ([0-9a-f]{64}) (\d{1,16}) (open|closed) ([0-9a-f]{64}) *\n$/.exec(text)
  const [, seq, hash = '', synced, state, seal = ''] = match ?? []
  const mark = { seq: Number(seq), hash, synced: Number(synced), closed: state === 'closed' }
  if (!match || !Number.isSafeInteger(mark.seq) || !Number.isSafeInteger(mark.synced)) return 'forged'
  if (key && !timingSafeEqual(Buffer.from(seal), Buffer.from(createSealer(key)(statement(mark))))) return 'forged'
  return mark
}

/** The open file of the head mark. */
export type HeadMarkWriter = {
  /** Overwrites the mark. Not synced: after a power cut it may be older than the database, never after a crash. */
  write: (mark: HeadMark) => void
  /** Makes the last mark durable and closes the file. */
  close: () => void
}

/** Opens the mark's file to write it, only for this user; what it holds stays until the first `write`. */
export function openHeadMark(file: string, key: Buffer): HeadMarkWriter {
  const seal = createSealer(key)
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  return {
    write: (mark) => {
      const text = statement(mark)
      const line = `${text} ${seal(text)}`
      if (writeSync(fd, `${line.padEnd(markLength - 1)}\n`, 0) !== markLength) throw new Error('the mark was cut short')
    },
    close: () => {
      try {
        fdatasyncSync(fd)
      } finally {
        closeSync(fd)
      }
    },
  }
}

function statement({ seq, hash, synced, closed }: HeadMark): string {
  return `toolgate-head 1 ${seq} ${hash} ${synced} ${closed ? 'closed' : 'open'}`
}

/**
 * HMAC-SHA-256 (RFC 2104) of short ASCII texts under one key of at most 64 bytes, hex. By hand, from two hashes: a mark is
 * sealed with every group of records, and Node's own costs as much as all else that is done for it.
 */
function createSealer(key: Buffer): (text: string) => string {
  const block = 64
  if (key.length > block) throw new Error('the key of the head mark is too long')
  const inner = Buffer.alloc(block + markLength, 0x36)
  const outer = Buffer.alloc(block + 32, 0x5c)
  for (const [i, byte] of key.entries()) {
    inner[i] = byte ^ 0x36
    outer[i] = byte ^ 0x5c
  }
  return (text) => {
    const length = inner.write(text, block, 'latin1')
    outer.write(hash('sha256', inner.subarray(0, block + length), 'hex'), block, 'hex')
    return hash('sha256', outer, 'hex')
  }
}
