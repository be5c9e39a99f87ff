import type { Agent } from './agent.ts'
import type { Commands } from './commands.ts'
import type { DemoFolder } from './folder.ts'
import type { Narrator } from './narrate.ts'

/** All that the steps of the demo work with. */
export type Stage = {
  narrator: Narrator
  folder: DemoFolder
  commands: Commands
  agent: Agent
  /** The PIN that was made for this demo. */
  pin: string
  /** The viewer answers the waiting call. */
  pause: boolean
  /** The checkout, in which `npx toolgate` means this product. */
  root: string
}
