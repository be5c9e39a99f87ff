import { join } from 'node:path'
import { dollarVariables, jsonFile, type KnownClient } from '../known-client.ts'

const entry = { url: ['httpUrl', 'url'], drop: ['oauth', 'authProviderType'] }

/** The Gemini CLI, which fills in variables of the shell anywhere in its settings. */
export const geminiCli: KnownClient = {
  id: 'gemini-cli',
  name: 'Gemini CLI',
  files: ({ home, projects }) => [
    jsonFile(join(home, '.gemini', 'settings.json'), 'user', { entry }),
    ...projects.map((project) => jsonFile(join(project, '.gemini', 'settings.json'), 'project', { entry })),
  ],
  traces: ({ home }) => [join(home, '.gemini', 'settings.json'), join(home, '.gemini', 'oauth_creds.json')],
  variables: dollarVariables,
  apply: 'start the Gemini CLI again, or type `/mcp refresh`',
  restarts: 'needs a restart',
}
