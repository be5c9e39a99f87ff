import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

/** A file of the built pages. `hashed`: its name holds a hash of its content, so it never changes. */
export type RendererFile = { type: string; hashed: boolean; body: Buffer<ArrayBuffer> }

/** The files of the built pages by their address below the origin, such as `/assets/app-1a2b3c4d.js`. */
export type RendererFiles = ReadonlyMap<string, RendererFile>

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Reads the built pages in `folder`, once; null when they have not been built. Kinds of files that pages do not use are left out. */
export function readRendererFiles(folder: string): RendererFiles | null {
  const files = new Map<string, RendererFile>()
  const add = (names: readonly string[], below: string, hashed: boolean): void => {
    for (const name of names) {
      const type = types[extname(name)]
      if (type) files.set(`/${below}${name}`, { type, hashed, body: readFileSync(join(folder, below, name)) })
    }
  }
  add(namesIn(folder), '', false)
  add(namesIn(join(folder, 'assets')), 'assets/', true)
  return files.has('/app.html') && files.has('/approval.html') ? files : null
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
