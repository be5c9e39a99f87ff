import { join } from 'node:path'
import { jsonFile, type KnownClient, shellVariables } from '../known-client.ts'

const entry = { transport: { key: 'type', stdio: 'local', must: true } }

/** GitHub Copilot at the command line. */
export const copilotCli: KnownClient = {
  id: 'copilot-cli',
  name: 'GitHub Copilot CLI',
  files: ({ home }) => [jsonFile(join(home, '.copilot', 'mcp-config.json'), 'user', { entry })],
  traces: ({ home }) => [join(home, '.copilot')],
  variables: shellVariables,
  apply: 'start the Copilot CLI again',
  restarts: 'needs a restart',
}
