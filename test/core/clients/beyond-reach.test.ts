import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { beyondReach } from '../../../src-main/core/clients/beyond-reach.ts'
import type { Machine } from '../../../src-main/core/clients/known-client.ts'
import { knownClients } from '../../../src-main/core/clients/known-clients.ts'
import { testFolder } from '../../fakes/folder.ts'

/** A machine whose settings, those of administrators too, lie in a folder of the test. */
function machine(platform: NodeJS.Platform, files: Record<string, string>): Machine {
  const root = testFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  const at = (name: string) => join(root, name)
  return { platform, home: at('home'), settings: at('settings'), system: at('system'), projects: [], moved: () => null }
}

/** What is out of reach, by client, without the folder of the test. */
function found(at: Machine): [client: string, path: string, servers: string[]][] {
  return knownClients.flatMap((client) =>
    beyondReach(client, at).map(({ path, servers, why }): [string, string, string[]] => {
      expect(why).not.toBe('')
      return [client.id, path.slice(dirname(at.home).length + 1), servers]
    }),
  )
}

test('what an administrator decides and what runs inside a client is told, with the servers that it brings', () => {
  const managed = '{ "mcpServers": { "company": { "command": "x" }, "tickets": { "url": "https://t" } } }'
  const at = machine('linux', {
    'system/claude-code/managed-mcp.json': managed,
    'system/vscode/policy.json': '{ "ChatMCP": "registry", "UpdateMode": "none" }',
    'settings/Claude/Claude Extensions/ant.dir.files/manifest.json':
      '{ "name": "files", "display_name": "Files of mine" }',
    'settings/Claude/Claude Extensions/broken/manifest.json': '{ "name": ',
    'settings/Claude/Claude Extensions/settings.json': '{}',
  })
  expect(found(at)).toEqual([
    ['claude-code', 'system/claude-code/managed-mcp.json', ['company', 'tickets']],
    ['claude-desktop', 'settings/Claude/Claude Extensions', ['Files of mine', 'broken']],
    ['vscode', 'system/vscode/policy.json', ['ChatMCP']],
    ['vscode-insiders', 'system/vscode/policy.json', ['ChatMCP']],
  ])
  const mac = machine('darwin', { 'system/ClaudeCode/managed-mcp.json': managed })
  expect(found(mac)).toEqual([['claude-code', 'system/ClaudeCode/managed-mcp.json', ['company', 'tickets']]])
})

test('a file of theirs that cannot be read is told all the same, and one that is not there is not', () => {
  expect(found(machine('linux', {}))).toEqual([])
  expect(found(machine('linux', { 'system/claude-code/managed-mcp.json': '{ "mcpServers": ' }))).toEqual([
    ['claude-code', 'system/claude-code/managed-mcp.json', []],
  ])
})
