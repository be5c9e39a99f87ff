import { closeSync, constants, openSync, realpathSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { callErrors } from '../../shared/call-errors.ts'
import { printable } from '../../shared/printable.ts'
import type { Cli } from './cli.ts'
import { CliError } from './cli-error.ts'
import { type ControlClient, unreachable } from './control-client.ts'

/** Wrong PINs that one command lets a person type before it ends. */
const guesses = 3

/**
 * `as`: who of several, the owner of the machine when absent. `first`: looks at what was named, and throws, before anybody is asked for a
 * PIN; it has no more rights than any program.
 */
type Proving = { as?: string | undefined; first?: (client: ControlClient) => Promise<unknown> }

/** Runs `work` with the gateway on a connection on which a person has proved to be here. */
export function withPerson<T>(
  cli: Cli,
  work: (client: ControlClient) => Promise<T>,
  { as, first }: Proving = {},
): Promise<T> {
  return cli.withGateway(async (client) => {
    if (as !== undefined) await mustBeKnown(as, client)
    await first?.(client)
    await provePresence(cli, client, as)
    return work(client)
  })
}

async function mustBeKnown(named: string, client: ControlClient): Promise<void> {
  const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase()
  const same = (name: string) => plain(name) === plain(named)
  const people = await client.call('people.list', {})
  if (people.some(({ id, name }) => id === named || same(name))) return
  throw new CliError('NOT_FOUND', `nobody here is called \`${printable(named)}\``, 'see `toolgate people list`')
}

/** Proves to the gateway that a person is at this terminal, by their PIN; after that, this connection may do what needs one. */
export async function provePresence(cli: Cli, client: ControlClient, as?: string): Promise<void> {
  const person = as === undefined ? {} : { person: as }
  const { presence_enrolled, presence_lost } = await client.call('status', {})
  if (presence_lost) {
    const [message, hint] = callErrors.PRESENCE_LOST
    throw new CliError('PRESENCE_LOST', message, hint)
  }
  if (!presence_enrolled) {
    throw new CliError(
      'PRESENCE_NOT_ENROLLED',
      'this needs a person, and no PIN is enrolled yet',
      'enrol one with `toolgate presence enroll`',
    )
  }
  await withChallenge(cli, client, async () => {
    for (let left = guesses; ; left -= 1) {
      try {
        await client.call('presence.prove', { pin: await cli.terminal.secret('PIN: '), ...person })
        return
      } catch (error) {
        if (!(error instanceof CliError) || error.code !== 'PRESENCE_PIN_WRONG' || left === 1) throw error
        cli.say(error.message)
      }
    }
  })
}

/** Answers the gateway's challenge, by holding open the file that it names, while `work` runs. */
export async function withChallenge<T>(cli: Cli, client: ControlClient, work: () => Promise<T>): Promise<T> {
  const { file } = await client.call('presence.challenge', {})
  // The gateway is proved, but a file elsewhere would still mean that something is badly wrong.
  if (dirname(file) !== realpathSync(cli.paths.run)) throw unreachable('the gateway named a file outside of its folder')
  const fd = openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600)
  try {
    return await work()
  } finally {
    closeSync(fd)
    rmSync(file, { force: true })
  }
}
