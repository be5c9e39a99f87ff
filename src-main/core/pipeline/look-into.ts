import { aboutAction } from '../envelope/also-sent.ts'
import type { Effort } from '../envelope/effort.ts'
import { hostsIn } from '../envelope/hosts.ts'
import { type FoundPaths, pathsIn } from '../envelope/paths.ts'
import { paramsOf } from '../json/message.ts'
import { countByRule, type FindingCount } from '../safety/scan.ts'
import { findInJson } from '../safety/screen.ts'
import type { CallRequest } from './call.ts'

/** What of a request is looked into. */
export type Asked = Pick<CallRequest, 'from' | 'kind' | 'toolName' | 'args' | 'message'>

/**
 * What is looked for, of which client: secrets and personal data in `texts`, each of them JSON, and what `asked` names. `reviewed`: whether its tool is
 * known; `bases`: the folders that relative paths are read from.
 */
export type Look = {
  texts: readonly string[]
  client: string
  asked: Asked
  reviewed: boolean
  bases: readonly string[]
}

/** What a request holds. `paths.complete` is false when there was too much to name it all. */
export type LookedInto = { findings: FindingCount[]; paths: FoundPaths; hosts: string[]; uris: string[] }

/**
 * Scans what a request sends and finds the paths, hosts and addresses that any part of `params` names, as far as `effort` goes; hosts
 * but for what of `_meta` names the request or its sender. The same here and in a thread.
 */
export function lookInto({ texts, asked, reviewed, bases }: Omit<Look, 'client'>, effort: Effort): LookedInto {
  return { findings: countByRule(texts.flatMap(findInJson)), ...named(asked, reviewed, bases, effort) }
}

/**
 * What a request names; of a server's question only the link to open, since nothing on this machine is reached by the rest. The
 * name of a reviewed tool is no path, whatever it looks like.
 */
function named(
  { from, kind, toolName, args, message }: Asked,
  reviewed: boolean,
  bases: readonly string[],
  effort: Effort,
) {
  if (from === 'server') return withHosts({ paths: [], suspects: [], complete: true }, { url: args.url })
  const params = paramsOf(message)
  // `notes://a` is no path that a person should be shown, but it is still looked at in case it leads to a protected one.
  const address = kind === 'resource' && /^(?!file:)[a-z][\w+.-]*:/i.test(toolName)
  const known = kind === 'tool' && reviewed ? { name: '' } : {}
  const paths = pathsIn(address ? { ...params, uri: '', '': toolName } : { ...params, ...known }, bases, effort)
  // Where there was too much already, the call is refused, and nothing more is done for it.
  return paths.complete ? withHosts(paths, { ...aboutAction(message), ...known }) : { paths, hosts: [], uris: [] }
}

function withHosts(paths: FoundPaths, named: unknown) {
  const { hosts, uris, complete } = hostsIn(named)
  return { paths: { ...paths, complete: paths.complete && complete }, hosts, uris }
}
