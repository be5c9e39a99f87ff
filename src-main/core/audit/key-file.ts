import { readFileSync } from 'node:fs'
import { type NoteKey, parseKey } from './note.ts'

/** Reads public keys from a file, one a line. Throws when the file cannot be read or a line is no key. */
export function readKeys(file: string): NoteKey[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line.trim() !== '').map(readKey)
}

/** Reads one public key from its text (`<name>+<id>+<key>`). Throws when it is none. */
export function readKey(text: string): NoteKey {
  const key = parseKey(text)
  if (!key) throw new Error(`not a public key of an audit log: \`${text.slice(0, 80)}\``)
  return key
}
