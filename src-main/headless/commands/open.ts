import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { hasDesktop } from '../desktop.ts'
import { openUrl } from '../ports/open-url.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate open`: signs this person in to the app, in their browser where there is one, else by a link that is printed. */
export async function openApp(cli: Cli, print: boolean): Promise<undefined> {
  const { url } = await withPerson(cli, (client) => client.call('app.link', {}))
  const opened = !print && hasDesktop() && (await opens(cli, url))
  // A link that was opened is used up: shown as well, it would only be tried in vain.
  cli.result({ opened, app: opened ? null : url }, () => [opened ? 'the app opens in your browser' : printable(url)])
  if (!opened) cli.say('the link works once, for 60 seconds')
}

async function opens(cli: Cli, url: string): Promise<boolean> {
  try {
    await openUrl(url)
    return true
  } catch (error) {
    cli.say(error instanceof Error ? error.message : String(error))
    return false
  }
}
