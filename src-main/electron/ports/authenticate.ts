import { systemPreferences } from 'electron'
import type { Ports } from '../../core/ports.ts'

/** Touch ID, where this Mac has it; absent elsewhere, where the PIN takes its place. A person who gives up was not recognised. */
export function platformAuthentication(platform: NodeJS.Platform): Pick<Ports, 'authenticate'> {
  if (platform !== 'darwin' || !systemPreferences.canPromptTouchID()) return {}
  return {
    authenticate: (reason) =>
      systemPreferences.promptTouchID(reason).then(
        () => true,
        () => false,
      ),
  }
}
