import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'

/**
 * Signed notes as C2SP defines them (https://c2sp.org/signed-note): a text, a blank line, and lines that each carry one
 * signature: `— <key name> base64(4 bytes of key hash ‖ signature)`. Ed25519 only (algorithm byte 0x01).
 */
export type NoteKey = { readonly name: string; readonly id: Buffer; readonly publicKey: KeyObject }

const ed25519 = 0x01
const signatureLength = 64
/** What precedes the 32 key bytes in an Ed25519 SubjectPublicKeyInfo (RFC 8410). */
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex')

/** The key under which notes are signed as `name`: no space, no `+`. Takes the private or the public key. */
export function noteKey(name: string, key: KeyObject): NoteKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return { name, id: keyId(name, rawKey(publicKey)), publicKey }
}

/** The key as text to hand out (`vkey` in the specification): `<name>+<id>+<base64 of algorithm and key>`. */
export function formatKey(key: NoteKey): string {
  const coded = Buffer.concat([Buffer.of(ed25519), rawKey(key.publicKey)]).toString('base64')
  return `${key.name}+${key.id.toString('hex')}+${coded}`
}

/** Reads a key from its text; null when it is not one, is of another algorithm, or its id does not fit. */
export function parseKey(text: string): NoteKey | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44}={0,2})$/.exec(text.trim())
  const [, name = '', id = '', coded = ''] = match ?? []
  const bytes = Buffer.from(coded, 'base64')
  if (bytes.length !== 33 || bytes[0] !== ed25519) return null
  const publicKey = createPublicKey({
    key: Buffer.concat([spkiHeader, bytes.subarray(1)]),
    format: 'der',
    type: 'spki',
  })
  const key = noteKey(name, publicKey)
  return key.id.toString('hex') === id ? key : null
}

/** Signs a text, which must end with a line break; gives the whole note. */
export function signNote(text: string, key: NoteKey, privateKey: KeyObject): string {
  const signature = Buffer.concat([key.id, sign(null, Buffer.from(text), privateKey)])
  return `${text}\n— ${key.name} ${signature.toString('base64')}\n`
}

/** Text and signatures of a note, nothing verified yet; null when it has not the form of a note. */
export function parseNote(note: string): { text: string; signatures: { name: string; signature: Buffer }[] } | null {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return null
  const signatures = []
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const match = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line)
    if (!match) return null
    signatures.push({ name: match[1] ?? '', signature: Buffer.from(match[2] ?? '', 'base64') })
  }
  return { text: note.slice(0, end + 1), signatures }
}

/** The text of a note that at least one of the keys has signed; null when none has, or one of them has it wrong. */
export function openNote(note: string, keys: readonly NoteKey[]): string | null {
  const parsed = parseNote(note)
  if (!parsed) return null
  let signed = false
  for (const { name, signature } of parsed.signatures) {
    const key = keys.find((k) => k.name === name && k.id.equals(signature.subarray(0, 4)))
    if (!key) continue
    if (signature.length !== 4 + signatureLength) return null
    if (!verify(null, Buffer.from(parsed.text), key.publicKey, signature.subarray(4))) return null
    signed = true
  }
  return signed ? parsed.text : null
}

function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(spkiHeader.length)
}

function keyId(name: string, raw: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ed25519), raw]), 'buffer').subarray(0, 4)
}
