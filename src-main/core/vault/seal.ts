import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const [nonceBytes, tagBytes] = [12, 16]

/** `value` sealed with `key` (32 bytes, AES-256-GCM) and bound to `name`: nonce, tag, then what is sealed. */
export function seal(name: string, key: Buffer, value: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(value), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** What `seal` sealed. Throws when it is of another key or name, or was changed. */
export function unseal(name: string, key: Buffer, bytes: Buffer): Buffer {
  if (bytes.length < nonceBytes + tagBytes) throw new Error('it is too short to be sealed')
  const nonce = bytes.subarray(0, nonceBytes)
  const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes)
  const opening = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  opening.setAAD(Buffer.from(name)).setAuthTag(tag)
  return Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()])
}
