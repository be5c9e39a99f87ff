import type { Command, CommanderError } from 'commander'
import { type CliError, usageError } from './cli-error.ts'

/** What is wrong with a command line, in the words of this product instead of commander's. */
export function wrongWords(error: CommanderError, program: Command, words: readonly string[]): CliError {
  const help = helpHint(program, words)
  if (error.code === 'commander.help') return usageError('the name of a command is missing', help)
  const [, message = '', similar] = /^(?:error: )?([\s\S]*?)(?:\n\(Did you mean (?:one of )?(.+)\?\))?$/.exec(
    error.message,
  ) ?? ['', error.message]
  const meant = similar?.split(', ').map((word) => `\`${word}\``)
  return usageError(inOurStyle(message), meant ? `did you mean ${meant.join(' or ')}? ${help}` : help)
}

/** Where the command that the words name is explained. */
export function helpHint(program: Command, words: readonly string[]): string {
  const path = commandPath(program, words).map((command) => command.name())
  return `see \`${['toolgate', ...path, '--help'].join(' ')}\``
}

/**
 * `help servers add` as `servers add --help`, which shows the command that is meant and not the group it lies in. A name
 * that does not exist is left to be refused as such; nothing but help is ever run.
 */
export function helpWords(program: Command, words: readonly string[]): readonly string[] {
  let at = 0
  while (words[at]?.startsWith('-')) at += words[at] === '--profile' ? 2 : 1
  if (words[at] !== 'help') return words
  const [global, asked] = [words.slice(0, at), words.slice(at + 1).filter((word) => !word.startsWith('-'))]
  let here = program
  const path: string[] = []
  for (const word of asked) {
    if (here.commands.length === 0) break
    path.push(word)
    const found = here.commands.find((command) => command.name() === word)
    if (!found) return [...global, ...path]
    here = found
  }
  return [...global, ...path, '--help']
}

/** The commands that the words name, outermost first, options left out. */
function commandPath(program: Command, words: readonly string[]): Command[] {
  const path: Command[] = []
  for (const word of words) {
    const found = (path.at(-1) ?? program).commands.find((command) => command.name() === word)
    if (found) path.push(found)
  }
  return path
}

/** User input in backticks, one sentence without a full stop; what the user wrote stays as it is. */
function inOurStyle(message: string): string {
  const parts = message.split(/'([^']*)'/)
  const ours = (text: string) => text.replace(/\. ([A-Za-z])/g, (_, first: string) => `: ${first.toLowerCase()}`)
  return parts
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : ours(part)))
    .join('')
    .replace(/\.$/, '')
}
