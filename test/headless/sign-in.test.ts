import { expect, test } from 'vitest'
import { authorizationServer, browse, protectedServer } from '../fakes/authorization-server.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program, sitDown } from '../fakes/person.ts'

test('a person signs in at a terminal, sees how it stands, and signs out', async () => {
  const issuer = await authorizationServer({ scopes: ['notes:read'] })
  const server = await protectedServer(() => issuer, { scopes: ['notes:read'] })
  const { toolgate, enroll, client } = await liveGateway()
  await enroll()
  expect((await program(toolgate('servers', 'add', 'cloud', '--yes', '--url', server.url))).code).toBe(0)
  const review = await person(toolgate('servers', 'review', 'cloud'), [['PIN:', pin]])
  expect(review.screen).toContain('the server wants to be signed in to')
  expect(review.screen).toMatch(/toolgate servers sign-in/)
  expect((await program(toolgate('servers', 'list'))).screen).toMatch(
    /! +it wants a sign-in: `.*toolgate servers sign-in cloud`/,
  )

  const sitting = sitDown(toolgate('servers', 'sign-in', 'cloud', '--no-open'), [['PIN:', pin]])
  const screen = await sitting.seen('Waiting until you have signed in there')
  const [url = ''] = /http:\/\/127\S+authorize\S+/.exec(screen) ?? []
  expect((await program(toolgate('servers', 'show', 'cloud'))).screen).toContain('a sign-in waits for a browser')
  expect((await browse(url)).text).toContain('You can close this page')
  const signedIn = await sitting.done
  expect(signedIn.code, signedIn.screen).toBe(0)
  expect(signedIn.screen).toContain('cloud is signed in to')
  expect(signedIn.screen).toContain('scopes notes:read')

  expect((await person(toolgate('servers', 'approve', 'cloud', '--yes'), [['PIN:', pin]])).code).toBe(0)
  expect((await (await client('cloud')).call('read_script', {})).outcome).toBe('ok')
  const shown = await program(toolgate('servers', 'show', 'cloud', '--json'))
  expect(JSON.parse(shown.screen).sign_in).toMatchObject({ state: 'signed_in', issuer: issuer.issuer, renews: true })
  expect((await person(toolgate('servers', 'sign-out', 'cloud'), [['PIN:', pin]])).screen).toContain('signed out of')
  expect(issuer.of('revoke')).toHaveLength(2)

  const record = await program(toolgate('audit', 'tail', '--json'))
  const said = [signedIn.screen, shown.screen, record.screen].join('\n')
  for (const token of [...issuer.tokens(), ...issuer.refreshTokens()]) expect(said).not.toContain(token)
})

test('a client of the person’s own is given by its id, its secret not on the command line', async () => {
  const issuer = await authorizationServer({ metadata: ({ registration_endpoint, ...rest }) => rest })
  const server = await protectedServer(() => issuer)
  const { toolgate, enroll } = await liveGateway()
  await enroll()
  expect((await program(toolgate('servers', 'add', 'cloud', '--yes', '--url', server.url))).code).toBe(0)
  const plain = await person(toolgate('servers', 'sign-in', 'cloud', '--no-open'), [['PIN:', pin]])
  expect(plain.screen).toContain('the authorization server takes no registrations')
  expect(plain.screen).toContain('--client-id')

  const words = toolgate('servers', 'sign-in', 'cloud', '--no-open', '--client-id', 'ours', '--client-secret')
  const sitting = sitDown(words, [
    ['Client secret (not shown):', 'between-us'],
    ['PIN:', pin],
  ])
  const asked = await sitting.seen('Press Enter')
  const [redirect = ''] = /http:\/\/127\.0\.0\.1:\d+\/callback\/\S+/.exec(asked) ?? []
  issuer.clients.set('ours', { secret: 'between-us', method: 'client_secret_basic', redirects: [redirect] })
  // Keys that came before the question are not meant for it.
  const again = setInterval(() => sitting.type('\r'), 200)
  const screen = await sitting.seen('Waiting until')
  clearInterval(again)
  await browse(/http:\/\/127\S+authorize\S+/.exec(screen)?.[0] ?? '')
  const { code, screen: last } = await sitting.done
  expect(code, last).toBe(0)
  expect(last).not.toContain('between-us')
})

test('a sign-in without a person at a terminal is refused', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const { toolgate, enroll } = await liveGateway()
  await enroll()
  await program(toolgate('servers', 'add', 'cloud', '--yes', '--url', server.url))
  const refused = await program(toolgate('servers', 'sign-in', 'cloud', '--no-open'))
  expect([refused.code === 0, refused.stderr]).toEqual([false, expect.stringContaining('terminal')])
  expect(issuer.asked).toEqual([])
})
