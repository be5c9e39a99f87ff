import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BeyondReach } from '../../../shared/client-config.ts'
import { readConfigFile } from './config-file.ts'
import { decodeConfig, openDocument } from './documents/open-document.ts'
import type { KnownClient, Machine, OutOfReach } from './known-client.ts'

/** More extensions than anybody installs. */
const mostFolders = 500

/** What of a client Toolgate sees and does not change, each with the servers that it brings; only what is there. */
export function beyondReach({ beyond }: KnownClient, machine: Machine): BeyondReach[] {
  return (beyond?.(machine) ?? []).flatMap((place) => {
    const servers = serversIn(place)
    return servers === null ? [] : [{ path: place.path, servers, why: place.why }]
  })
}

/** Null when nothing is there; no names where there is something that cannot be read. */
function serversIn({ path, holds }: OutOfReach): string[] | null {
  try {
    if (holds === 'extensions') return foldersIn(path).map((folder) => extensionName(join(path, folder), folder))
    const { hash, bytes } = readConfigFile(path)
    if (hash === null) return null
    const data = openDocument('json', decodeConfig(bytes).text).data
    return holds === 'servers' ? keysOf(data, 'mcpServers') : Object.keys(asMap(data)).filter((key) => /mcp/i.test(key))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : []
  }
}

function foldersIn(path: string): string[] {
  const folders = readdirSync(path, { withFileTypes: true }).filter((item) => item.isDirectory())
  return folders.slice(0, mostFolders).map(({ name }) => name)
}

/** As its manifest calls it (MCP bundles, `manifest.json`); else as its folder is called. */
function extensionName(folder: string, name: string): string {
  try {
    const { bytes } = readConfigFile(join(folder, 'manifest.json'))
    const manifest = asMap(openDocument('json', decodeConfig(bytes).text).data)
    const called = [manifest.display_name, manifest.name].find((it) => typeof it === 'string')
    return typeof called === 'string' ? called.slice(0, 80) : name
  } catch {
    return name
  }
}

const asMap = (data: unknown): Record<string, unknown> => (typeof data === 'object' && data !== null ? { ...data } : {})
const keysOf = (data: unknown, key: string) => Object.keys(asMap(asMap(data)[key]))
