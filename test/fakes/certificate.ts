import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether this machine can make a certificate. */
export const canMakeCertificates = spawnSync('openssl', ['version']).status === 0

/** A certificate and its key, in PEM; `certFile`: where the certificate lies, for a program that is to trust it. */
export type Certificate = { certFile: string; cert: Buffer; key: Buffer }

/** A certificate for a name that nobody but itself signed, in a folder. Throws when there is no `openssl`. */
export function selfSigned(name: string, folder: string): Certificate {
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const what = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '2']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  execFileSync('openssl', ['req', ...kind, ...what, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
  return { certFile, cert: readFileSync(certFile), key: readFileSync(keyFile) }
}
