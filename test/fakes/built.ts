import { join } from 'node:path'

const out = join(import.meta.dirname, '..', '..', 'out')

/** The built product: what people run and what clients start. Vitest builds it before the first test when it is out of date. */
export const built = {
  toolgate: join(out, 'toolgate.js'),
  shim: join(out, 'shim.js'),
  verify: join(out, 'verify-audit.js'),
}

/** The words that run the command line. */
export const cliWords = [process.execPath, built.toolgate]
