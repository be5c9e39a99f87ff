import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FlushMode, Settings } from '../shared/settings.ts'
import type { Door } from '../src-main/core/control/handlers.ts'
import { createCore } from '../src-main/core/core.ts'
import { noPages } from '../src-main/core/no-pages.ts'
import type { Ports } from '../src-main/core/ports.ts'
import { systemClock } from '../src-main/host/clock.ts'
import { instancePaths, preparePaths } from '../src-main/host/paths.ts'
import { fileSecrets } from '../src-main/host/secrets.ts'
import { benchServer, policyOf } from './policy.ts'

/** What runs the server under test: the same for every target. */
export const serverArgs = [fileURLToPath(new URL('./echo-server.ts', import.meta.url))]

/** A profile that a gateway can be started on; `token`: that of a client that comes over HTTP. */
export type BenchProfile = { folder: string; token: string }

const person: Door = { name: 'terminal', present: true, pid: process.pid }

/**
 * A new profile in a folder of its own, with the server under test approved, a token, and a policy of `rules` rules in force:
 * what a person at a terminal would have made, by way of the same handlers. Nothing runs on it when this resolves.
 */
export async function prepareProfile(rules: number, flush_records: FlushMode = 'decisions'): Promise<BenchProfile> {
  const profile = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-bench-')))
  const paths = instancePaths(profile)
  preparePaths(paths)
  const policy = policyOf(rules)
  writeFileSync(join(paths.policy, 'rules.yaml'), policy)
  writeFileSync(paths.settings, JSON.stringify({ flush_records }), { mode: 0o600 })
  const ports: Ports = {
    ...{ clock: systemClock, paths, secrets: fileSecrets(paths.keys), notify: () => {}, openUrl: async () => {} },
    log: { info: () => {}, warn: complain, error: complain },
    pages: noPages,
    prompts: () => ({ how: 'a bench', problem: null }),
    verifyRecord: () => Promise.reject(new Error('a bench verifies nothing')),
  }
  const core = await createCore(ports, {
    ...{ version: 'bench', settings: Settings.parse({}), path: process.env.PATH ?? '' },
    ...{ starterPolicy: policy, http: null, shim: { command: '', args: [], env: {} }, onShutdown: () => {} },
  })
  try {
    await approveServer(core.handlers)
    const { token } = await core.handlers['tokens.create']({ name: 'bench' }, person)
    return { folder: profile, token }
  } finally {
    await core.close()
  }
}

async function approveServer(handlers: Awaited<ReturnType<typeof createCore>>['handlers']): Promise<void> {
  const launch = {
    transport: 'stdio' as const,
    command: process.execPath,
    args: serverArgs,
    env: {},
    cwd: realpathSync(tmpdir()),
  }
  const rest = { trust_level: 'restricted', environment: 'test', risk_tags: ['non_prod'] } as const
  const added = await handlers['servers.add'](
    { name: benchServer, launch, ...rest, risk_tags: [...rest.risk_tags] },
    person,
  )
  const review = await handlers['servers.review']({ name: benchServer, launch: added.launch }, person)
  const tools = review.tools.map(({ tool }) => tool)
  await handlers['servers.approve']({ name: benchServer, review_hash: review.review_hash, tools }, person)
}

function complain(message: string, fields: Record<string, unknown> = {}): void {
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`)
}
