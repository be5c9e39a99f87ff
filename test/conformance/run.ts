// `npm run conformance`: the official suite against our fixture, directly and through Toolgate, which reaches it over stdio and
// over HTTP, and where the fixture speaks only the other generation; then against a client, alone and through Toolgate. Fails when
// the two differ in any way that docs/conformance.md does not list, and when something that it lists is no longer so. Last, Toolgate itself
// signs in to the suite's servers.
import { isDeepStrictEqual } from 'node:util'
import { required, requiredScenarios, runScenarios } from './client-auth/suite.ts'
import { runClientSuite } from './client-mode/suite.ts'
import { type Difference, differences, documented, documentedForClients } from './compare.ts'
import { type Findings, revisions, runSuite } from './suite.ts'
import { direct, throughBridge, throughToolgate } from './through.ts'

/** Says one total beside the one without Toolgate, and what differs; the exit code is 1 when that is not as documented. */
function report(through: string, without: Findings, behind: Findings, expected: Difference[], scored = true): void {
  process.stdout.write(`${`through Toolgate, ${through}`.padEnd(30)}${behind.total}\n`)
  const found = differences(without, behind)
  for (const { check, direct: one, through: other } of found) {
    process.stdout.write(`  ${check}: ${one} directly, ${other} through Toolgate\n`)
  }
  const ok = (behind.scored || !scored) && isDeepStrictEqual(found, expected)
  if (!behind.scored) process.stdout.write(`${behind.said}\n`)
  process.stdout.write(ok ? 'as docs/conformance.md says\n' : 'this is not what docs/conformance.md says\n')
  if (!ok) process.exitCode = 1
}

const [plain, stdio, http] = await Promise.all([direct(), throughToolgate('stdio'), throughToolgate('http')])
try {
  for (const revision of revisions) {
    process.stdout.write(`\n── ${revision}, servers\n`)
    const without = await runSuite(plain.url, revision)
    process.stdout.write(`${'directly'.padEnd(30)}${without.total}\n`)
    const bridge = await throughBridge(revision)
    for (const [over, { url }] of [
      ['stdio', stdio],
      ['http', http],
      ['bridge', bridge],
    ] as const) {
      // What a server of the other generation cannot say fails, and is documented.
      report(over, without, await runSuite(url, revision), documented(revision, over), over !== 'bridge')
    }
    await bridge.close()
  }
} finally {
  await Promise.all([plain.close(), stdio.close(), http.close()])
}
for (const revision of revisions) {
  process.stdout.write(`\n── ${revision}, clients\n`)
  const without = await runClientSuite('direct', revision)
  process.stdout.write(`${'directly'.padEnd(30)}${without.total}\n`)
  for (const [door, name] of [
    ['shim', 'shim'],
    ['http', 'HTTP door'],
  ] as const) {
    report(name, without, await runClientSuite(door, revision), documentedForClients(revision))
  }
}
for (const revision of revisions) {
  process.stdout.write(`\n── ${revision}, signing in\n`)
  const scenarios = await requiredScenarios(revision)
  const { verdicts, said } = await runScenarios(required(revision))
  const scored = verdicts.filter(({ scenario }) => scenarios.includes(scenario))
  for (const { scenario, total } of scored) process.stdout.write(`${scenario.padEnd(50)}${total}\n`)
  if (scored.some(({ passed }) => !passed)) process.stdout.write(`${said}\n`)
  const passing = scored.filter(({ passed }) => passed).length
  process.stdout.write(`${passing} of ${scenarios.length} required scenarios pass without a warning\n`)
  if (scenarios.length === 0 || passing < scenarios.length) process.exitCode = 1
}
