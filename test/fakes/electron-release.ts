import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { onTestFinished } from 'vitest'

/** What stands in for Electron: it says with what, where and how it was started. */
const standIn = '#!/bin/sh\necho "stand-in for Electron: $*"\necho "in $PWD, as node: <$ELECTRON_RUN_AS_NODE>"\n'

/** Puts the stand-in into a folder, as a build of Electron would lie in it; `code`: how it ends. */
export function putStandIn(folder: string, code = 0): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'electron'), `${standIn}exit ${code}\n`)
  chmodSync(join(folder, 'electron'), 0o755)
}

/**
 * Makes the stand-in the release that the checkout's package of Electron expects, and gives its archive.
 */
export function release(checkout: string): { archive: Buffer; name: string } {
  const folder = join(checkout, 'node_modules', 'electron')
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const archive = zip({ electron: standIn, version })
  const name = `electron-v${version}-linux-${process.arch}.zip`
  const checksums = { [name]: createHash('sha256').update(archive).digest('hex') }
  writeFileSync(join(folder, 'checksums.json'), JSON.stringify(checksums))
  return { archive, name }
}

/** A host of releases: what it was asked for, and its address for ELECTRON_MIRROR. Ends with the test. */
export async function releaseHost(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { asked, host: `127.0.0.1:${port}`, mirror: `http://127.0.0.1:${port}/` }
}

/** A ZIP archive of executable files, stored as they are (APPNOTE.TXT 4.3). */
function zip(files: Record<string, string>): Buffer {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const [path, text] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)]
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([signature(0x04034b50), common, name, data])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(0o100755 * 0x10000, 6)
    rest.writeUInt32LE(at, 10)
    // Made by Unix, so that the mode counts.
    directory.push(Buffer.concat([signature(0x02014b50), Buffer.from([20, 3]), common, rest, name]))
    parts.push(local)
    at += local.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(Buffer.concat(directory).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, ...directory, signature(0x06054b50), end])
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
