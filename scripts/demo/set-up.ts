import { join, relative } from 'node:path'
import { expect } from './expect.ts'
import type { Stage } from './stage.ts'

type SetUp = Omit<Stage, 'agent'>

/** Enrols the demo's PIN, by which the terminal knows a person. */
export async function enrolPin({ narrator, commands, pin }: SetUp): Promise<void> {
  narrator.step('A PIN, so that only a person can say yes')
  narrator.say(`It is made for this demo: ${pin}. No client can use it: the gateway sees who runs in its terminal.`)
  narrator.command('npx toolgate presence enroll')
  const screen = await commands.atTerminal(
    ['presence', 'enroll'],
    [
      ['new PIN', pin],
      ['the same again', pin],
    ],
  )
  narrator.quote(screen)
}

/** Registers two well-known servers, as they are published, and approves their tools. */
export async function addServers(stage: SetUp): Promise<void> {
  const { narrator, folder, root } = stage
  narrator.step('Two real servers behind the gateway')
  const bin = (name: string) => relative(root, join(root, 'node_modules', '.bin', name))
  await addServer(stage, 'files', [bin('mcp-server-filesystem'), folder.home])
  await addServer(stage, 'everything', [bin('mcp-server-everything'), 'stdio'])
}

async function addServer({ narrator, commands, pin }: SetUp, name: string, words: string[]): Promise<void> {
  const add = ['servers', 'add', name, '--environment', 'development', '--', ...words]
  narrator.command(`npx toolgate ${add.join(' ')}`)
  narrator.quote(await commands.atTerminal(add, [['Register this server?', 'y']]))

  const approve = ['servers', 'approve', name]
  narrator.command(`npx toolgate ${approve.join(' ')}`)
  const screen = await commands.atTerminal(approve, [
    ['PIN:', pin],
    [/Approve \S+ with \d+ tools/, 'y'],
  ])
  expect(/is approved: \d+ tools pinned/.test(screen), `the server \`${name}\` is approved`, screen)
  narrator.quote(shortened(screen))
}

/** The first tools of a review, and how it ended; a review shows every tool with its whole description. */
function shortened(screen: string): string {
  const lines = screen.trimEnd().split('\n')
  const [head, tail] = [lines.slice(0, 12), lines.slice(-3)]
  const left = lines.length - head.length - tail.length
  return left <= 0 ? screen : [...head, `… ${left} more lines`, ...tail].join('\n')
}
