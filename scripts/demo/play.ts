import { join } from 'node:path'
import { startAgent } from './agent.ts'
import { allowedReads, deniedWrite, waitingWrite } from './calls.ts'
import { createCommands } from './commands.ts'
import { showRecord, verifyRecord } from './evidence.ts'
import { expect, within } from './expect.ts'
import { type DemoFolder, makeFolder } from './folder.ts'
import { type RunningGateway, startGateway } from './gateway.ts'
import type { Narrator } from './narrate.ts'
import { addServers, enrolPin } from './set-up.ts'
import type { Stage } from './stage.ts'
import type { Undo } from './undo.ts'

const root = join(import.meta.dirname, '..', '..')
const [toolgate, shim] = [join(root, 'out', 'toolgate.js'), join(root, 'out', 'shim.js')]

/** Tells the demo from the fresh folder to its removal. Throws `DemoError` as soon as a step does not give what it should. */
export async function play(options: { pause: boolean; keep: boolean }, narrator: Narrator, undo: Undo): Promise<void> {
  const folder = undo.begin(
    () => makeFolder({ patient: options.pause }),
    ({ path, remove }) => {
      if (options.keep) process.stdout.write(`\nThe folder stays: ${path}\n`)
      else remove()
    },
  )
  introduce(narrator, folder)
  const gateway = await openGateway(narrator, folder, undo)
  const commands = undo.begin(
    () => createCommands({ toolgate, profile: folder.profile, root }),
    ({ end }) => end(),
  )
  const setUp = { narrator, folder, commands, root, pin: '480216', pause: options.pause }
  await enrolPin(setUp)
  await addServers(setUp)
  const agent = undo.begin(
    () => startAgent(shim, folder.profile),
    ({ end }) => end(),
  )
  const stage: Stage = { ...setUp, agent }
  await allowedReads(stage)
  await deniedWrite(stage)
  await waitingWrite(stage)
  await showRecord(stage)
  await endGateway(stage, gateway)
  await verifyRecord(stage)
  narrator.say('Now with your own client: `npm start`, then "One minute of use" in README.md.')
}

function introduce({ title, say, command }: Narrator, folder: DemoFolder): void {
  title('Toolgate decides what the tools of AI clients may do')
  say('A demo in which everything is real: the gateway, two servers, a client, the files and the person’s terminal.')
  say(`It happens in ${folder.path} and touches nothing else of yours.`)
  say('Lines after $ are commands that you can type yourself, in this checkout, after this one:')
  command(`export TOOLGATE_PROFILE=${folder.profile}`)
}

async function openGateway(narrator: Narrator, folder: DemoFolder, undo: Undo): Promise<RunningGateway> {
  narrator.step('A policy, and the gateway that keeps it')
  narrator.say('Of all rules that match a call the strictest decides; a call that no rule matches is denied.')
  narrator.command('cat $TOOLGATE_PROFILE/policy/demo.yaml')
  narrator.quote(folder.policy)
  narrator.command('npx toolgate serve --json')
  const gateway = undo.begin(
    () => startGateway(toolgate, folder.profile),
    ({ stop }) => stop(),
  )
  narrator.quote(await gateway.ready)
  return gateway
}

async function endGateway({ narrator, commands, agent }: Stage, gateway: RunningGateway): Promise<void> {
  narrator.step('The client leaves, and the gateway ends')
  await agent.end()
  narrator.command('npx toolgate shutdown')
  narrator.quote(await commands.run('shutdown'))
  const code = await within(15, 'ending the gateway', gateway.gone)
  expect(code === 0, 'the gateway ends well', code)
}
