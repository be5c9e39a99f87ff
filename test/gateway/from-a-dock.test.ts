import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { appHost } from '../fakes/app-host.ts'
import { openLink } from '../fakes/page-client.ts'
import { pin } from '../fakes/ready-host.ts'

const root = join(import.meta.dirname, '..', '..')
const notes = join(import.meta.dirname, '..', 'fakes', 'servers', 'notes-server.mjs')
/** npx of this machine, without which none of this was installed. */
const npx = (process.env.PATH ?? '')
  .split(':')
  .map((folder) => join(folder, 'npx'))
  .find((file) => existsSync(file))

/** Started as from a dock: no PATH, and no shell that could be asked. */
const host = appHost(undefined, () => ({ PATH: '', SHELL: '' }))
afterEach(() => host.stop())

const place = (path: string) => {
  const file = join(host.home, path)
  mkdirSync(dirname(file), { recursive: true })
  return file
}
const link = (target: string, path: string) => symlinkSync(target, place(path))
function script(path: string, text: string): void {
  const file = place(path)
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
}

test.skipIf(process.platform === 'win32')(
  'without a PATH and a shell the programs of version managers are found',
  async () => {
    link(process.execPath, '.nvm/versions/node/v24.1.0/bin/node')
    link(realpathSync(npx ?? ''), '.nvm/versions/node/v24.1.0/bin/npx')
    writeFileSync(place('.nvm/alias/default'), '24\n')
    // Where a manager puts a program of its own in the place of a tool, which runs the version that it chose.
    script('.volta/bin/volta-tool', `exec "${process.execPath}" "$@"`)
    script('.asdf/shims/asdf-tool', 'exec asdf exec node "$@"')
    script('.asdf/bin/asdf', `shift 2; exec "${process.execPath}" "$@"`)
    mkdirSync(join(host.home, '.local/share/fnm/node-versions/v24/bin'), { recursive: true })
    link(process.execPath, '.local/share/fnm/node-versions/v24/bin/fnm-node')
    link(join(host.home, '.local/share/fnm/node-versions/v24'), '.local/share/fnm/aliases/default')
    script('.local/bin/uvx', `shift; exec "${process.execPath}" "$@"`)

    const app = await openLink(await host.start())
    const approval = await openLink((await app.call('approvals.open', { at: '/' })).url ?? '')
    await approval.call('presence.enroll', { pin })
    const local = ['--no-install', 'mcp-server-filesystem', host.workspace]
    const launches: [string, string[]][] = [
      ['node', [notes]],
      ['npx', local],
      ['volta-tool', [notes]],
      ['asdf-tool', [notes]],
      ['fnm-node', [notes]],
      ['uvx', ['notes', notes]],
    ]
    for (const [command, args] of launches) {
      const name = `by-${command}`
      const launch = { transport: 'stdio' as const, command, args, env: {}, cwd: root }
      const about = { trust_level: 'restricted' as const, environment: 'test', risk_tags: [] }
      const added = await app.call('servers.add', { name, launch, ...about })
      const { tools } = await approval.call('servers.review', { name, launch: added.launch })
      const found = added.launch.transport === 'stdio' && added.launch.command.startsWith(host.home)
      expect([command, found, tools.length > 0]).toEqual([command, true, true])
    }
  },
  120_000,
)
