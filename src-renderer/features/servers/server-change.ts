import type { Input } from '../../../shared/calls.ts'
import type { ServerView } from '../../../shared/server.ts'
import { type ServerDraft, serverInput } from '../../parts/server-choices.ts'

/** A registered server as a form shows it; values of variables and headers are known to nobody, so they are empty. */
export function draftOf(server: ServerView): ServerDraft {
  const { name, launch, trust_level, environment, risk_tags } = server
  const rows = (names: readonly string[]) => names.map((row) => ({ name: row, value: '' }))
  const stdio = launch.transport === 'stdio'
  return {
    ...{ name, transport: launch.transport, trust_level, environment, tags: risk_tags.join(', ') },
    ...{ owner: server.owner, purpose: server.purpose, dialect: server.sql_dialect },
    line: stdio ? [launch.command, ...launch.args].map(quoted).join(' ') : '',
    folder: stdio ? launch.cwd : '',
    env: stdio ? rows(launch.env_names) : [],
    url: stdio ? '' : launch.url,
    headers: stdio ? [] : rows(launch.header_names),
  }
}

/** Names of variables and headers that have a value now. */
export function keptNames({ launch }: ServerView): string[] {
  return launch.transport === 'stdio' ? launch.env_names : launch.header_names
}

/** What a draft wants otherwise than the server is; null for nothing. `words`: the command line as it would run. */
export function changeOf(
  server: ServerView,
  draft: ServerDraft,
  words: readonly string[],
): Input<'servers.set'> | null {
  const { name, launch: wanted, ...judged } = serverInput(draft, words)
  const { launch } = server
  const before = draftOf(server)
  const change: Input<'servers.set'> = { name }
  if (launch.transport === 'stdio' && wanted.transport === 'stdio') {
    const env = pairs(launch.env_names, wanted.env)
    const part = {
      ...(draft.line === before.line ? {} : { command: wanted.command, args: wanted.args }),
      ...(wanted.cwd === launch.cwd ? {} : { cwd: wanted.cwd }),
      ...(env ? { env } : {}),
    }
    if (Object.keys(part).length > 0) change.launch = { transport: 'stdio', ...part }
  } else if (launch.transport === 'http' && wanted.transport === 'http') {
    const headers = pairs(launch.header_names, wanted.headers)
    const part = { ...(wanted.url === launch.url ? {} : { url: wanted.url }), ...(headers ? { headers } : {}) }
    if (Object.keys(part).length > 0) change.launch = { transport: 'http', ...part }
  }
  if (judged.trust_level !== server.trust_level) change.trust_level = judged.trust_level
  if (judged.environment !== server.environment) change.environment = judged.environment
  if (judged.risk_tags.join() !== server.risk_tags.join()) change.risk_tags = judged.risk_tags
  if (judged.owner !== server.owner) change.owner = judged.owner
  if (judged.purpose !== server.purpose) change.purpose = judged.purpose
  if (judged.sql_dialect !== server.sql_dialect) change.sql_dialect = judged.sql_dialect
  return Object.keys(change).length > 1 ? change : null
}

/** Given values are set, names that are gone are left out, and an empty value of a known name stays what it is. */
function pairs(known: readonly string[], now: Record<string, string>): Record<string, string | null> | null {
  const set = Object.entries(now).filter(([name, value]) => value !== '' || !known.includes(name))
  const gone = known.filter((name) => !(name in now)).map((name): [string, null] => [name, null])
  return set.length + gone.length > 0 ? Object.fromEntries<string | null>([...set, ...gone]) : null
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
