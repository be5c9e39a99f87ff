import { join } from 'node:path'
import { openLink } from './approval-page.ts'
import { expect } from './expect.ts'
import type { Stage } from './stage.ts'

/** Before there is a client. */
export type SetUp = Omit<Stage, 'agent'>

/** Enrols the demo's PIN, by which a terminal shows that a person sits at it. */
export async function enrolPin({ narrator, commands, pin }: SetUp): Promise<void> {
  narrator.step('A PIN, so that only a person can say yes')
  narrator.say(`The PIN of this demo is ${pin}; the demo types it where you would. An agent that learned it could not`)
  narrator.say('use it: the gateway looks at who runs in the terminal, and refuses what a client or server started.')
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
  const { narrator, folder } = stage
  narrator.step('Two real servers behind the gateway')
  narrator.say('Adding a server shows exactly what it would run. Approving it pins the tools as they are defined now.')
  narrator.say('Here … stands for lines that are left out.')
  const files = ['mcp-server-filesystem', folder.home]
  await addServer(
    stage,
    'files',
    files,
    /would be|^runs|^trust|Register|PIN:|read_text_file:|create_directory:|Approve|pinned|left out/,
  )
  await addServer(
    stage,
    'everything',
    ['mcp-server-everything', 'stdio'],
    /^runs|Register|PIN:|echo:|Approve|pinned|left out/,
  )
}

/** `keep`: lines of the output that are shown; a review tells of every tool in full. */
async function addServer(stage: SetUp, name: string, [bin = '', ...args]: string[], keep: RegExp): Promise<void> {
  const { narrator, commands, pin } = stage
  const launch = [join('node_modules', '.bin', bin), ...args]
  const add = ['servers', 'add', name, '--environment', 'development', '--', ...launch]
  narrator.command(`npx toolgate ${add.join(' ')}`)
  const registered = await commands.atTerminal(add, [['Register this server?', 'y']])
  narrator.quote(excerpt(registered, keep))

  const approve = ['servers', 'approve', name]
  narrator.command(`npx toolgate ${approve.join(' ')}`)
  const approved = await commands.atTerminal(approve, [
    ['PIN:', pin],
    [/Approve \S+ with \d+ tools/, 'y'],
  ])
  expect(/is approved: \d+ tools pinned/.test(approved), `the server ${name} is approved`, approved)
  narrator.quote(excerpt(approved, keep))
  if (!/^left out/m.test(approved)) return
  narrator.say(
    'What destroys or reaches far is approved at the approval page alone: the demo does there what you would.',
  )
  await approveAtPage(stage, name)
}

type Reviewed = { review_hash: string; tools: { tool: object }[] }

/** Runs the server once more and approves all that it offers, as the approval page does. */
async function approveAtPage({ commands, pin, narrator }: SetUp, name: string): Promise<void> {
  const printed = await commands.atTerminal(['open', '--print'], [['PIN:', pin]])
  const app = await openLink(/http:\/\/\S+/.exec(printed)?.[0] ?? '')
  const { url } = await app.call<{ url: string }>('approvals.open', { at: `/servers/${name}` })
  const page = await openLink(url)
  await page.call('presence.prove', { pin })
  const servers = await page.call<{ name: string; launch: object }[]>('servers.list', {})
  const launch = servers.find((server) => server.name === name)?.launch
  const { review_hash, tools } = await page.call<Reviewed>('servers.review', { name, launch })
  await page.call('servers.approve', { name, review_hash, tools: tools.map(({ tool }) => tool) })
  for (const each of [page, app]) each.close()
  narrator.say(`All ${tools.length} tools of ${name} are pinned.`)
}

/** The lines that `keep` matches; a dot line stands for those left out. */
function excerpt(text: string, keep: RegExp): string {
  const lines = text.trimEnd().split('\n')
  const kept = lines.map((line) => (keep.test(line) ? line : '…'))
  return kept.filter((line, index) => line !== '…' || kept[index - 1] !== '…').join('\n')
}
