import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes, usageError } from '../cli-error.ts'
import { clientNamed } from '../client-named.ts'
import { asTyped } from '../command-name.ts'
import { haltText } from '../status-text.ts'

type Options = { server?: string; client?: string; reason: string }

/** `toolgate stop`: halts everything, one server or one client, and starts a gateway for that if none runs, so that it stays halted. */
export async function stop(cli: Cli, { server, client, reason }: Options): Promise<undefined> {
  if (server !== undefined && client !== undefined) {
    throw usageError('`--server` and `--client` exclude each other', 'stop one, then the other')
  }
  const target = await cli.withGateway(async (gateway) => {
    const target = {
      ...(server === undefined ? {} : { server }),
      ...(client === undefined ? {} : { client: await clientNamed(client, gateway) }),
    }
    await gateway.call('stop', { reason, ...target })
    return target
  })
  const named = { ...(server === undefined ? {} : { server }), ...(client === undefined ? {} : { client }) }
  cli.result({ stopped: true, ...target }, () => [
    asTyped(`stopped: ${wordsOf(named)} until a person resumes it at the approval page (\`toolgate resume\`)`),
  ])
}

/** `toolgate resume`: shows what is stopped. Exit 4 while anything is: that is resumed at the approval page alone. */
export async function resume(cli: Cli): Promise<undefined> {
  const { halts } = await cli.withGateway((client) => client.call('status', {}))
  if (halts.length > 0) {
    cli.say(halts.map((halt) => `stopped: ${haltText(halt)}`).join('\n'))
    throw new CliError(
      'FORBIDDEN_AT_DOOR',
      'what is stopped is resumed at the approval page, and nowhere else',
      'open the app with `toolgate open` and choose Resume; it leads there',
      exitCodes.refused,
    )
  }
  cli.result({ halts }, () => ['nothing is stopped: policy decides every call'])
}

function wordsOf({ server, client }: Omit<Options, 'reason'>): string {
  if (server !== undefined) return `no tool of \`${printable(server)}\` runs`
  return client === undefined ? 'no tool runs' : `nothing runs for the client \`${printable(client)}\``
}
