// `npm run conformance`: the official suite against our fixture, directly and through Toolgate, which reaches it over stdio and
// over HTTP. Fails when the two differ in any way that docs/conformance.md does not list, and when something that it lists is no
// longer so.
import { isDeepStrictEqual } from 'node:util'
import { differences, documented } from './compare.ts'
import { revisions, runSuite } from './suite.ts'
import { direct, throughBridge, throughToolgate } from './through.ts'

const [plain, stdio, http] = await Promise.all([direct(), throughToolgate('stdio'), throughToolgate('http')])
try {
  for (const revision of revisions) {
    process.stdout.write(`\n── ${revision}\n`)
    const without = await runSuite(plain.url, revision)
    process.stdout.write(`directly                    ${without.total}\n`)
    const bridge = await throughBridge(revision)
    for (const [over, { url }] of [
      ['stdio', stdio],
      ['http', http],
      ['bridge', bridge],
    ] as const) {
      const behind = await runSuite(url, revision)
      process.stdout.write(`through Toolgate, ${over.padEnd(6)}    ${behind.total}\n`)
      const found = differences(without, behind)
      for (const { check, direct: one, through: other } of found) {
        process.stdout.write(`  ${check}: ${one} directly, ${other} through Toolgate\n`)
      }
      // What an older server cannot do is no fault of the bridge.
      const ok = (behind.scored || over === 'bridge') && isDeepStrictEqual(found, documented(revision, over))
      if (!behind.scored) process.stdout.write(`${behind.said}\n`)
      process.stdout.write(ok ? 'as docs/conformance.md says\n' : 'this is not what docs/conformance.md says\n')
      if (!ok) process.exitCode = 1
    }
    await bridge.close()
  }
} finally {
  await Promise.all([plain.close(), stdio.close(), http.close()])
}
