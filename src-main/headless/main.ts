import * as module from 'node:module'
import { fileURLToPath } from 'node:url'

// What V8 made of the program is kept beside it, and saves a seventh of a gateway's start. Only there, never in a profile:
// whoever can write to that folder can write the program itself. Where nobody can, as in an installed app, each start compiles.
if (import.meta.url.endsWith('.js')) {
  try {
    module.enableCompileCache({ directory: fileURLToPath(new URL('compiled', import.meta.url)), portable: true })
  } catch {
    // Node before 24.12 takes no object here, and some none at all: they compile at each start.
  }
}

await import('./command-line.ts')
