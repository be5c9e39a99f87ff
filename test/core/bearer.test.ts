import { expect, test } from 'vitest'
import { createBearer } from '../../src-main/core/oauth/client/bearer.ts'
import { createGrants } from '../../src-main/core/oauth/client/grants.ts'
import { createVault } from '../../src-main/core/vault/vault.ts'
import { fakeClock } from '../fakes/clock.ts'
import { testFolder } from '../fakes/folder.ts'
import { scriptedServer, sendText } from '../fakes/remote-server.ts'
import { fakeSecrets } from '../fakes/secrets.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }

test.each(['early', 'refused'])(
  'a token of another address, signed in to while one was renewed, stays there (%s)',
  async (when) => {
    const clock = fakeClock()
    const grants = createGrants({
      vault: createVault({ folder: testFolder(), secrets: fakeSecrets(), log }),
      clock,
      log,
    })
    const signIn = (url: string, access: string, lifetimeSec: number) => {
      const issuer = { issuer: issuing.url, authorization_endpoint: issuing.url, token_endpoint: issuing.url }
      const client = { client_id: 'us', client_secret: null, auth_method: 'none' as const }
      const issued = { access, refresh: 'again', scopes: null, lifetimeSec }
      return grants.begin('cloud', { url, resource: url, issuer, client, asked: [] }, issued)
    }
    const issuing = await scriptedServer((_got, res) => {
      signIn('http://127.0.0.1:2/mcp', 'new', 3600)
      sendText(res, '{"access_token":"renewed","token_type":"bearer"}')
    })
    const old = new URL('http://127.0.0.1:1/mcp')
    signIn(old.href, 'old', when === 'early' ? 1 : 3600)
    clock.advance(60_000)
    const bearer = createBearer({ grants, clock, log, wanted: () => {}, event: () => {} })
    const launch = { transport: 'http', url: old.href, headers: {}, reach: 'loopback', server: 'cloud' } as const
    const signed = when === 'early' ? bearer(launch).token(old) : bearer(launch).refused(old, 'old', 401, '')
    expect(await signed).toBeNull()
    expect(issuing.got).toHaveLength(1)
    expect(grants.get('cloud')?.access).toBe('new')
  },
)
