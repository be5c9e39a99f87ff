import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
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
  if (key && !timingSafeEqual(Buffer.from(seal, 'hex'), sealOf(statement(mark), createSecretKey(key)))) return 'forged'
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
  const secret = createSecretKey(key)
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  return {
    write: (mark) => {
      const text = statement(mark)
      const line = `${text} ${sealOf(text, secret).toString('hex')}`
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

function sealOf(text: string, key: Parameters<typeof createHmac>[1]): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
