import { join, relative } from 'node:path'
import { startAgent } from './agent.ts'
import { allowedReads, deniedWrite, waitingWrite } from './calls.ts'
import { createCommands } from './commands.ts'
import { evidence } from './evidence.ts'
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
  const folder = makeFolder({ patient: options.pause })
  undo.add(() => {
    if (options.keep) narrator.say(`kept: ${folder.path}`)
    else folder.remove()
  })
  introduce(narrator, folder)
  const gateway = await openGateway(narrator, folder)
  undo.add(gateway.stop)
  const commands = createCommands({ toolgate, profile: folder.profile, root })
  undo.add(commands.end)
  const setUp = { narrator, folder, commands, root, pin: '480216', pause: options.pause }
  await enrolPin(setUp)
  await addServers(setUp)
  const agent = startAgent(shim, folder.profile)
  undo.add(agent.end)
  const stage: Stage = { ...setUp, agent }
  await allowedReads(stage)
  await deniedWrite(stage)
  await waitingWrite(stage)
  await evidence(stage)
  await leave(stage, gateway, options.keep)
}

function introduce({ title, say, command }: Narrator, folder: DemoFolder): void {
  title('Toolgate decides what the tools of AI clients may do. This is a demo of it; everything in it is real.')
  say(`It happens in ${folder.path}, and touches nothing else of yours.`)
  say('The lines after $ are what you would type yourself, in this checkout, once you have said:')
  command(`export TOOLGATE_PROFILE=${folder.profile}`)
}

async function openGateway(narrator: Narrator, folder: DemoFolder): Promise<RunningGateway> {
  narrator.step('A policy, and a gateway that keeps it')
  narrator.say(`${relative(folder.path, folder.policyFile)} (the strictest rule that matches wins; no rule means no):`)
  narrator.quote(folder.policy)
  narrator.command('npx toolgate serve --json')
  const gateway = await startGateway(toolgate, folder.profile)
  narrator.quote(gateway.ready)
  return gateway
}

async function leave({ narrator, commands, agent }: Stage, gateway: RunningGateway, keep: boolean): Promise<void> {
  narrator.step('The end')
  await agent.end()
  narrator.command('npx toolgate shutdown')
  narrator.quote(await commands.run('shutdown'))
  const code = await within(15, 'ending the gateway', gateway.gone)
  expect(code === 0, 'the gateway ends well', code)
  narrator.say(`The client, the gateway and the servers have ended${keep ? '.' : ', and the folder goes with them.'}`)
}
