import { callErrors } from '../../../shared/call-errors.ts'
import { unfitPin } from '../../../shared/pin.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { withChallenge } from '../prove-presence.ts'

/** `toolgate presence enroll`: enrols the first PIN, or changes the one there is after asking for it. */
export async function enroll(cli: Cli): Promise<undefined> {
  const changed = await cli.withGateway(async (client) => {
    const { presence_enrolled: change } = await client.call('status', {})
    await withChallenge(cli, client, async () => {
      const current = change ? await cli.terminal.secret('current PIN: ') : undefined
      const pin = await cli.terminal.secret('new PIN, 6 digits or more, or a passphrase: ')
      const unfit = unfitPin(pin)
      if (unfit !== null) throw unfitToEnrol(unfit)
      if ((await cli.terminal.secret('the same again: ')) !== pin) {
        throw new CliError('PINS_DIFFER', 'the two PINs differ', 'start again; nothing was changed', exitCodes.no)
      }
      await client.call('presence.enroll', current === undefined ? { pin } : { pin, current })
    })
    return change
  })
  cli.result({ enrolled: true, changed }, () => [
    changed ? 'the PIN is changed' : 'the PIN is enrolled; commands that need a person will ask for it',
  ])
}

/** `toolgate presence status`: exit 1 when no PIN is enrolled. */
export async function presenceStatus(cli: Cli): Promise<number> {
  const { presence_enrolled: enrolled } = await cli.withGateway((client) => client.call('status', {}))
  cli.result({ enrolled }, () => [
    enrolled ? 'a PIN is enrolled' : asTyped('no PIN is enrolled; enrol one with `toolgate presence enroll`'),
  ])
  return enrolled ? 0 : 1
}

function unfitToEnrol(why: string): CliError {
  const [message, hint] = callErrors.PRESENCE_PIN_UNFIT
  return new CliError('PRESENCE_PIN_UNFIT', `${message}: ${why}`, hint)
}
