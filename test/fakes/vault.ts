import { unauthorized } from '../../src-main/core/upstream/http/authorizer.ts'
import { startProgram } from '../../src-main/core/upstream/start-program.ts'
import { createLaunchValues } from '../../src-main/core/vault/launch-values.ts'
import { createVault } from '../../src-main/core/vault/vault.ts'
import { testFolder } from './folder.ts'
import { fakeSecrets } from './secrets.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }

/** Starts servers with what they are given, without vault and without sign-in. */
export const asGiven = {
  open: <T>(launch: T) => launch,
  authorize: () => unauthorized,
  confine: () => ({ start: startProgram, ended: () => {} }),
}

/** Values of launches in a vault of their own. */
export function testValues() {
  return createLaunchValues(createVault({ folder: testFolder(), secrets: fakeSecrets(), log }))
}
