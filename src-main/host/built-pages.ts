import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { PageDoor } from '../../shared/calls.ts'

/** One file as it is served. */
export type PageFile = { type: string; bytes: Buffer; hashed: boolean }

/** The files of one page by the exact path that a browser asks for. */
export type PageFiles = ReadonlyMap<string, PageFile>

/** What is served, and as what; a file of any other kind is not. */
const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/**
 * Reads the built pages into memory, so that no path that a browser asks for ever reaches the file system. A file belongs
 * to a page when the page names it, or a file that belongs to it does: its name holds a hash of its content, so no other
 * file is meant. Null when the pages are not built; throws when they cannot be read.
 */
export function readBuiltPages(folder: string): Record<PageDoor, PageFiles> | null {
  const pages = { app: join(folder, 'app.html'), approval: join(folder, 'approval.html') }
  if (!existsSync(pages.app) || !existsSync(pages.approval)) return null
  const assets = readAssets(join(folder, 'assets'))
  return { app: filesOf(pages.app, assets), approval: filesOf(pages.approval, assets) }
}

function readAssets(folder: string): Map<string, PageFile> {
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    names.flatMap(({ name }) => {
      const type = types[extname(name)]
      return type ? [[name, { type, bytes: readFileSync(join(folder, name)), hashed: true }]] : []
    }),
  )
}

function filesOf(page: string, assets: ReadonlyMap<string, PageFile>): PageFiles {
  const bytes = readFileSync(page)
  const files = new Map<string, PageFile>([['/', { type: 'text/html; charset=utf-8', bytes, hashed: false }]])
  const left = new Map(assets)
  const texts = [bytes.toString('utf8')]
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    for (const [name, file] of left) {
      if (!text.includes(name)) continue
      left.delete(name)
      files.set(`/assets/${name}`, file)
      if (/^text\//.test(file.type)) texts.push(file.bytes.toString('utf8'))
    }
  }
  return files
}
