import { expect, onTestFinished, test } from 'vitest'
import type { SignInView } from '../../shared/sign-in.ts'
import { authorizationServer, browse, protectedServer } from '../fakes/authorization-server.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'

async function gatewayFor(url: string, name = 'cloud') {
  const gateway = await startGateway({ policy: simplePolicy() })
  onTestFinished(() => gateway.close())
  await add(gateway, name, url)
  return gateway
}

async function add(gateway: TestGateway, name: string, url: string): Promise<void> {
  const rest = { trust_level: 'restricted' as const, environment: 'test', risk_tags: [] }
  await gateway.core.handlers['servers.add']({ name, launch: { transport: 'http', url, headers: {} }, ...rest }, person)
}

async function viewOf(gateway: TestGateway, name = 'cloud'): Promise<SignInView> {
  const found = (await gateway.core.handlers['servers.list']({}, person)).find((server) => server.name === name)
  if (!found?.sign_in) throw new Error('there is no sign-in')
  return found.sign_in
}

/** Begins a sign-in, lets a browser go through it, and waits until it is over. */
async function signIn(gateway: TestGateway, name = 'cloud'): Promise<SignInView> {
  const { url } = await gateway.core.handlers['servers.sign_in']({ name, open: false }, person)
  await browse(url)
  await expect.poll(async () => (await viewOf(gateway, name)).state).not.toBe('waiting')
  return viewOf(gateway, name)
}

test('a server that wants a sign-in is signed in to, called, and signed out of', async () => {
  const issuer = await authorizationServer({ scopes: ['notes:read', 'offline_access'] })
  const server = await protectedServer(() => issuer, { scopes: ['notes:read'] })
  const gateway = await gatewayFor(server.url)
  await expect(gateway.approveServer('cloud')).rejects.toMatchObject({ code: 'SERVER_WANTS_SIGN_IN' })
  expect(await viewOf(gateway)).toMatchObject({ state: 'signed_out', wanted: true, scopes: [] })

  expect(await signIn(gateway)).toMatchObject({
    ...{ state: 'signed_in', wanted: false, problem: null, renews: true },
    ...{ scopes: ['notes:read', 'offline_access'], issuer: issuer.issuer },
  })
  await gateway.approveServer('cloud')
  const client = gateway.connect('cloud')
  await client.initialize()
  expect(await client.call('read_script', {})).toEqual({ outcome: 'ok', text: 'done' })

  const { handlers } = gateway.core
  expect((await handlers['servers.sign_out']({ name: 'cloud' }, person)).sign_in).toMatchObject({ state: 'signed_out' })
  expect(issuer.of('revoke')).toHaveLength(2)
  expect(await client.call('read_script', {})).toMatchObject({ outcome: 'SERVER_WANTS_SIGN_IN' })
  const events = gateway.entries().flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []))
  expect(events.filter((event) => /sign/.test(event))).toEqual([
    'server.sign_in_started',
    'server.signed_in',
    'server.signed_out',
  ])
})
