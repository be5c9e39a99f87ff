import { CallError } from '../../../shared/call-errors.ts'
import type { ServerView } from '../../../shared/server.ts'
import type { CoreHandlers, Door } from '../control/handlers.ts'
import { SignInFailure } from '../oauth/client/failure.ts'
import type { SignIns, SignInTarget } from '../oauth/client/sign-ins.ts'
import type { Log, Ports } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { Server } from '../registry/server-record.ts'
import { viewServer } from '../registry/view.ts'
import { signsItselfIn } from '../upstream/http/authorizer.ts'
import type { LaunchValues } from '../vault/launch-values.ts'

type SignInHandlers = Pick<CoreHandlers, 'servers.sign_in' | 'servers.sign_in_as' | 'servers.sign_out'>

type Deps = { registry: Registry; signIns: SignIns; values: LaunchValues; log: Log } & Pick<Ports, 'openUrl'>

/** Signing in to servers and out again, as people do it. */
export function signInHandlers({ registry, signIns, values, openUrl, log }: Deps): SignInHandlers {
  /** The server with the values of its headers. Throws `CallError` NO_SIGN_IN for what is not signed in to. */
  function target(name: string): SignInTarget {
    const launch = values.open(registry.need(name).launch)
    if (launch.transport !== 'http' || signsItselfIn(launch)) throw new CallError('NO_SIGN_IN', `\`${name}\``)
    return { name, launch }
  }

  return {
    'servers.sign_in': async ({ name, open }, door) => {
      const url = await orRefused(() => signIns.begin(target(name), door.name))
      const opened = open && (await openUrl(url).then(() => true, notOpened))
      return { url, opened }
    },
    'servers.sign_in_as': ({ name, client_id, client_secret }, door) =>
      orRefused(() => signIns.useClient(target(name), client_id, client_secret, door.name)),
    'servers.sign_out': async ({ name }, door) => {
      await signIns.signOut(target(name), door.name)
      return signInFace(signIns, registry).view(registry.need(name))
    },
  }

  function notOpened(error: unknown): false {
    log.info('no browser could be opened', { why: (error as Error).message })
    return false
  }
}

/** What else shows and forgets servers needs of their sign-ins. */
export function signInFace(signIns: SignIns, registry: Registry) {
  return {
    /** A server as people see it, with how it stands with its sign-in. */
    view: (server: Server): ServerView => {
      const { name, launch } = server
      const sign_in = launch.transport === 'http' ? signIns.view(name, launch) : null
      return viewServer(server, { sign_in, signsOf: registry.nameSigns() })
    },
    /** INVARIANT: signing out needs presence, through whichever call it would come. */
    forgetSignIn: async ({ name, launch }: Server, { present }: Pick<Door, 'present'>): Promise<void> => {
      if (launch.transport !== 'http') return
      if (present) await signIns.forget({ name, launch })
      else signIns.moved(name)
    },
  }
}

async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SignInFailure)) throw error
    throw new CallError('SIGN_IN_FAILED', error.message, error.hint ?? undefined)
  }
}
