import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { reasons } from '../../shared/errors.ts'
import { documents, toolgateCommands } from './docs.ts'
import { root, sourceFiles } from './source.ts'

const program = join(root, 'out', 'toolgate.js')

/** Names below `Commands:` in the help of a command, aliases included; empty when it has no subcommands. */
function subcommands(command: readonly string[]): string[] {
  const help = execFileSync(process.execPath, [program, ...command, '--help'], { encoding: 'utf8' })
  const list = help.split(/^Commands:$/m)[1] ?? ''
  return [...list.matchAll(/^ {2}([a-z][a-z|-]*)/gm)].flatMap((match) => (match[1] ?? '').split('|'))
}

/** The command tree as `--help` shows it, two levels deep. */
function commandTree(): Map<string, string[]> {
  const help = (name: string) => (name === 'help' ? [] : subcommands([name]))
  return new Map(subcommands([]).map((name) => [name, help(name)]))
}

function isKnown(command: string, tree: Map<string, string[]>): boolean {
  const [first = '', second] = command.split(' ')
  const below = tree.get(first)
  if (!below) return false
  return below.length === 0 || second === undefined || below.includes(second)
}

// `npm test` builds first, so only a bare vitest run in a fresh checkout passes this by.
describe.skipIf(!existsSync(program))('commands that people are told to run', () => {
  // Each command is a process: all documents are held against one tree.
  let tree: Map<string, string[]>
  beforeAll(() => {
    tree = commandTree()
  })

  test.each(documents())('every `toolgate` command that $path names exists', ({ text }) => {
    expect(toolgateCommands(text).filter((command) => !isKnown(command, tree))).toEqual([])
  })

  test('every `toolgate` command in a hint or message exists', () => {
    const hints = Object.values(reasons).flatMap(([message, hint]) => toolgateCommands(`${message} ${hint}`))
    const messages = sourceFiles().flatMap(({ text }) => toolgateCommands(text))
    expect([...hints, ...messages].filter((command) => !isKnown(command, tree))).toEqual([])
  })
})

test('commands are found in code, without their arguments', () => {
  const text =
    'run `toolgate servers approve <name>` or `toolgate audit tail`; Toolgate itself\n\n    toolgate serve --port 0\n'
  expect(toolgateCommands(text)).toEqual(['servers approve', 'audit tail', 'serve'])
})
