import { expect, onTestFinished } from 'vitest'
import type { SignInView } from '../../shared/sign-in.ts'
import { browse } from './authorization-server.ts'
import { person, simplePolicy, startGateway, type TestGateway } from './gateway.ts'

/** A gateway with one server over HTTP that nobody has reviewed, ended with the test. */
export async function gatewayFor(url: string, options: Parameters<typeof startGateway>[0] = {}): Promise<TestGateway> {
  const gateway = await startGateway({ policy: simplePolicy(), ...options })
  onTestFinished(() => gateway.close())
  await register(gateway, 'cloud', url)
  return gateway
}

/** Registers a server over HTTP and reviews nothing. */
export async function register(gateway: TestGateway, name: string, url: string): Promise<void> {
  const rest = { trust_level: 'restricted' as const, environment: 'test', risk_tags: [] }
  await gateway.core.handlers['servers.add']({ name, launch: { transport: 'http', url, headers: {} }, ...rest }, person)
}

/** How a server stands with its sign-in. */
export async function signInOf(gateway: TestGateway, name = 'cloud'): Promise<SignInView> {
  const found = (await gateway.core.handlers['servers.list']({}, person)).find((server) => server.name === name)
  if (!found?.sign_in) throw new Error('there is no sign-in')
  return found.sign_in
}

/** Begins a sign-in; gives the address for the browser. */
export async function begin(gateway: TestGateway, name = 'cloud'): Promise<string> {
  return (await gateway.core.handlers['servers.sign_in']({ name, open: false }, person)).url
}

/** Waits until no browser is waited for. */
export async function over(gateway: TestGateway, name = 'cloud'): Promise<SignInView> {
  await expect.poll(async () => (await signInOf(gateway, name)).state).not.toBe('waiting')
  return signInOf(gateway, name)
}

/** Signs in with a browser that agrees to everything. */
export async function signIn(gateway: TestGateway, name = 'cloud'): Promise<SignInView> {
  await browse(await begin(gateway, name))
  return over(gateway, name)
}

/** Events of a gateway about sign-ins, oldest first. */
export function signInEvents(gateway: TestGateway): string[] {
  return gateway
    .entries()
    .flatMap((entry) =>
      entry.kind === 'event' && /\.sign/.test(entry.event) ? [entry.event.replace('server.', '')] : [],
    )
}
