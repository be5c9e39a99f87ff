import { createPrivateKey, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto'
import { ToolgateError } from '../../../shared/errors.ts'
import type { Secrets } from '../ports.ts'
import { sha256 } from './chain.ts'
import { originPrefix } from './checkpoint.ts'
import { type NoteKey, noteKey } from './note.ts'

/** The key that signs checkpoints: Ed25519, PKCS8 DER, under this name in the secret store and nowhere else. */
const signingKeyName = 'audit-signing-key'

/** An instance's signing key, and what follows from it. */
export type SigningKey = {
  privateKey: KeyObject
  /** Its name is the origin of this log: the instance's id is part of it, taken from the key, so that no two logs share one. */
  noteKey: NoteKey
  /** Seals the head mark: a secret key of its own, since the mark is written on every append and signing costs too much. */
  markKey: Buffer
}

/** The signing key, or null when this instance has none. Throws AUDIT_UNWRITABLE when there is one that cannot be read. */
export function loadSigningKey(secrets: Secrets): SigningKey | null {
  try {
    const der = secrets.get(signingKeyName)
    return der && fromPrivateKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  } catch (cause) {
    throw new ToolgateError('AUDIT_UNWRITABLE', 'the signing key in the secret store cannot be read', { cause })
  }
}

/** Makes a new key and puts it into the secret store; throws when that fails. */
export function createSigningKey(secrets: Secrets): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  secrets.set(signingKeyName, privateKey.export({ format: 'der', type: 'pkcs8' }))
  return fromPrivateKey(privateKey)
}

function fromPrivateKey(privateKey: KeyObject): SigningKey {
  const { d: seed = '', x: point = '' } = privateKey.export({ format: 'jwk' })
  const instance = sha256(Buffer.from(point, 'base64url')).slice(0, 16)
  const markKey = hkdfSync('sha256', Buffer.from(seed, 'base64url'), '', 'toolgate audit head mark v1', 32)
  return { privateKey, noteKey: noteKey(originPrefix + instance, privateKey), markKey: Buffer.from(markKey) }
}
