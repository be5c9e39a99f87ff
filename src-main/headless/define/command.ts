import { type Command, Help, InvalidArgumentError, type Option } from 'commander'
import { type Cli, createCli, type GlobalOptions } from '../cli.ts'
import { commandName } from '../command-name.ts'

/** How help looks everywhere; nothing is said of a default that is nothing. */
export const helpStyle = {
  showGlobalOptions: true,
  helpWidth: 110,
  optionDescription: (option: Option) => new Help().optionDescription(option).replace(/ ?\(default: (\[\]|"")\)$/, ''),
}

/** Adds a command with its help: one sentence and one example that can be copied, `toolgate` in it being this program. */
export function subcommand(parent: Command, usage: string, summary: string, example: string): Command {
  return parent
    .command(usage)
    .description(summary)
    .addHelpText('after', `\nExample:\n  ${example.replace(/^toolgate /, `${commandName()} `)}`)
}

/** Adds a group of commands, such as `servers`. */
export function group(parent: Command, name: string, summary: string): Command {
  return parent.command(name).description(summary).configureHelp(helpStyle)
}

/** Runs a command with what it works with; the number that it gives, if any, becomes the exit code. */
export async function act(command: Command, run: (cli: Cli) => Promise<number | undefined>): Promise<void> {
  process.exitCode = (await run(createCli(command.optsWithGlobals<GlobalOptions>()))) ?? 0
}

/** Parses an option's value as a whole number from 0. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('it must be a whole number')
  return Number(text)
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value]
}
