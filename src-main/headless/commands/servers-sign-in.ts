import { setTimeout as pause } from 'node:timers/promises'
import { printable } from '../../../shared/printable.ts'
import type { SignInView } from '../../../shared/sign-in.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'
import type { ControlClient } from '../control-client.ts'
import { withPerson } from '../prove-presence.ts'
import { signInLines } from '../sign-in-text.ts'
import { serverNamed } from './servers.ts'

/** Options of `toolgate servers sign-in`. */
export type SignInOptions = { open: boolean; clientId?: string; clientSecret?: boolean }

const askEveryMs = 300
const secretVariable = 'TOOLGATE_CLIENT_SECRET'

/** `toolgate servers sign-in`: prints the address, opens it in a browser, and waits until the person is back. */
export async function signIn(cli: Cli, name: string, options: SignInOptions): Promise<undefined> {
  const secret = await clientSecret(cli, options)
  const signIn = async (client: ControlClient) => {
    if (options.clientId !== undefined) await giveClient(cli, client, name, options.clientId, secret)
    const { url, opened } = await client.call('servers.sign_in', { name, open: options.open })
    cli.say(opened ? 'A browser was opened; if it was not, open this address:' : 'Open this address in a browser:')
    cli.say(`\n  ${printable(url)}\n`)
    cli.say('Waiting until you have signed in there; Ctrl-C ends the waiting.')
    return whenDone(client, name)
  }
  const view = await withPerson(cli, signIn, { first: (client) => signedInServer(client, name) })
  if (view.state !== 'signed_in' || view.problem !== null) {
    const why = view.problem ?? 'it ended before it was done'
    throw new CliError('SIGN_IN_FAILED', `${printable(name)} is not signed in to: ${why}`, 'try again')
  }
  cli.result({ name, sign_in: view }, () => [`${printable(name)} is signed in to`, ...signInLines(view, name)])
}

/** `toolgate servers sign-out`. */
export async function signOut(cli: Cli, name: string): Promise<undefined> {
  const server = await withPerson(cli, (client) => client.call('servers.sign_out', { name }), {
    first: (client) => signedInServer(client, name),
  })
  cli.result({ name, sign_in: server.sign_in }, () => [`${printable(name)} is signed out of; its tokens are forgotten`])
}

async function giveClient(
  cli: Cli,
  client: ControlClient,
  name: string,
  client_id: string,
  client_secret: string | null,
): Promise<void> {
  const given = await client.call('servers.sign_in_as', { name, client_id, client_secret })
  cli.say(`At ${printable(given.issuer)} this must be a redirect address of \`${printable(client_id)}\`, exactly:`)
  cli.say(`\n  ${given.redirect_uri}\n`)
  if (!cli.terminal.interactive) return
  await cli.terminal.ask('Press Enter once it is registered there. ')
}

/** From the variable, for programs, or typed without being shown: never from the command line, which others can read. */
async function clientSecret(cli: Cli, options: SignInOptions): Promise<string | null> {
  if (options.clientSecret !== true) return null
  if (options.clientId === undefined) throw usageError('--client-secret goes with --client-id', 'give the id too')
  const given = process.env[secretVariable]
  if (given !== undefined) return given
  if (!cli.terminal.interactive) {
    throw usageError('no client secret is given', `set ${secretVariable}, or run it in a terminal`)
  }
  return cli.terminal.secret('Client secret (not shown): ')
}

/** How the sign-in stands once nobody is waited for any more; what is asked stays on the same connection. */
async function whenDone(client: ControlClient, name: string): Promise<SignInView> {
  for (;;) {
    const sign_in = await signedInServer(client, name)
    if (sign_in.state !== 'waiting') return sign_in
    await pause(askEveryMs)
  }
}

/** How the sign-in to a server stands; throws NOT_FOUND, and NO_SIGN_IN for one that takes none. */
async function signedInServer(client: ControlClient, name: string): Promise<SignInView> {
  const { sign_in } = serverNamed(await client.call('servers.list', {}), name)
  if (sign_in) return sign_in
  throw new CliError('NO_SIGN_IN', `\`${name}\` is not signed in to`, 'see `toolgate servers list`')
}
