import { homedir } from 'node:os'
import { CallError } from '../../../shared/call-errors.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { AskedLaunch, HttpLaunch, LaunchChange, LaunchSpec, StdioLaunch } from '../../../shared/server.ts'
import { AddressRefused } from '../upstream/http/address-guard.ts'
import { registeredAddress } from '../upstream/http/registered-address.ts'
import { programOf } from '../upstream/server-environment.ts'

/** What would run or be reached, found on this machine now. Throws `CallError` BAD_INPUT when there is no such. */
export async function foundLaunch(asked: AskedLaunch, path: string): Promise<LaunchSpec> {
  return asked.transport === 'http' ? addressed(asked) : absolute(asked, path)
}

/** What would run, by the program's full path and in a folder that exists. Throws `CallError` BAD_INPUT when there is no such. */
function absolute(launch: StdioLaunch, path: string): StdioLaunch {
  const inFolder = { ...launch, cwd: launch.cwd || homedir() }
  try {
    return { ...inFolder, command: programOf(inFolder, path) }
  } catch (error) {
    if (!(error instanceof ToolgateError)) throw error
    throw new CallError('BAD_INPUT', error.message, 'install the program, or name it by its full path')
  }
}

/** How a server would be reached, and where its host leads now. Throws `CallError` BAD_INPUT when it may not be. */
async function addressed(launch: Omit<HttpLaunch, 'reach'>): Promise<HttpLaunch> {
  try {
    return await registeredAddress(launch)
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error
    throw new CallError(
      'BAD_INPUT',
      error.message,
      'give the address as its documentation has it, such as `https://host/mcp`',
    )
  }
}

/**
 * A launch with what a person wants otherwise. Values of variables and headers stay as they are unless they are given anew or left
 * out (null); they go when another program or another origin would get them. Throws `CallError` BAD_INPUT for another transport.
 */
export function changedLaunch(launch: LaunchSpec, change: LaunchChange): AskedLaunch {
  if (launch.transport === 'stdio' && change.transport === 'stdio') {
    const { env, ...rest } = change
    const kept = change.command === undefined || change.command === launch.command ? launch.env : {}
    return { ...launch, ...given(rest), env: merged(kept, env) }
  }
  if (launch.transport === 'http' && change.transport === 'http') {
    const url = change.url ?? launch.url
    const kept = originOf(url) === originOf(launch.url) ? launch.headers : {}
    return { transport: 'http', url, headers: merged(kept, change.headers) }
  }
  throw new CallError(
    'BAD_INPUT',
    'a program cannot become an address, nor an address a program',
    'remove the server and register it again',
  )
}

/** Whether two launches lead to the same origin; programs lead to none. */
export function isSameOrigin(one: LaunchSpec, other: LaunchSpec): boolean {
  return one.transport === 'http' && other.transport === 'http' && originOf(one.url) === originOf(other.url)
}

function given<T extends object>(part: T): { [K in keyof T]-?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]-?: Exclude<T[K], undefined>
  }
}

function merged(kept: Record<string, string>, change: Record<string, string | null> = {}): Record<string, string> {
  const all = Object.entries({ ...kept, ...change })
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null))
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null
}
