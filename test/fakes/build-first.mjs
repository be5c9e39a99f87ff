import { ensureReady } from '../../scripts/lib.mjs'

/** Tests run what is built: from the sources each of thousands of processes would take twice as long to start. */
export async function setup() {
  await ensureReady({ build: true })
}
