import { expect, test } from 'vitest'
import type { ToolgateError } from '../../../../shared/errors.ts'
import type { HttpLaunch } from '../../../../shared/server.ts'
import { reachOf } from '../../../../src-main/core/upstream/http/address-guard.ts'
import { registeredAddress } from '../../../../src-main/core/upstream/http/registered-address.ts'
import { createStarter } from '../../../../src-main/core/upstream/start.ts'
import { scriptedServer } from '../../../fakes/remote-server.ts'
import { asGiven } from '../../../fakes/vault.ts'

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.8.9.1', 'loopback'],
  ['::1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.0', 'internet'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd12::1', 'private'],
  ['1.1.1.1', 'internet'],
  ['2606:4700::1111', 'internet'],
  // Where clouds hand out keys, and other places in which no server lives.
  ['169.254.169.254', null],
  ['100.100.100.200', null],
  ['168.63.129.16', null],
  ['fd00:ec2::254', null],
  ['fe80::1', null],
  ['0.0.0.0', null],
  ['::', null],
  ['255.255.255.255', null],
  ['224.0.0.1', null],
  ['ff02::1', null],
  // IPv4 in the clothes of IPv6.
  ['::ffff:127.0.0.1', null],
  ['::ffff:a9fe:a9fe', null],
  ['64:ff9b::a9fe:a9fe', null],
  ['2002:7f00:1::', null],
  ['localhost', null],
])('%s leads to %s', (address, reach) => {
  expect(reachOf(address)).toBe(reach)
})

const register = (url: string, headers: Record<string, string> = {}) =>
  registeredAddress({ transport: 'http', url, headers })

test.each([
  ['http://localhost:1/mcp', 'loopback'],
  ['http://127.0.0.1/mcp?a=b', 'loopback'],
  ['http://[::1]:8/', 'loopback'],
  ['https://127.0.0.1/', 'loopback'],
  ['https://10.0.0.8/mcp', 'private'],
  ['https://1.1.1.1/mcp', 'internet'],
])('%s may be registered, on %s', async (url, reach) => {
  expect(await register(url)).toEqual({ transport: 'http', url, headers: {}, reach })
})

test.each([
  ['files', 'is no URL'],
  ['file:///etc/passwd', 'is not https'],
  ['http://1.1.1.1/mcp', 'without encryption'],
  ['http://10.0.0.8/mcp', 'without encryption'],
  ['http://localhost.test/', 'without encryption'],
  ['https://me:secret@1.1.1.1/', 'a name or a password'],
  ['https://1.1.1.1/#part', 'never sent'],
  ['https://169.254.169.254/latest', 'no server is looked for'],
  ['https://[::ffff:169.254.169.254]/', 'no server is looked for'],
  ['https://0x7f.1/', null],
  ['http://2852039166/', 'without encryption'],
  ['https://2852039166/', 'no server is looked for'],
  ['https://no-such-host.invalid/', 'cannot be found'],
])('%s: %s', async (url, words) => {
  if (words === null) expect((await register(url)).reach).toBe('loopback')
  else await expect(register(url)).rejects.toThrow(words)
})

test('a registered address says nothing of its password when it is turned down', async () => {
  await expect(register('https://me:secret@1.1.1.1/')).rejects.not.toThrow('secret')
})

test.each(['Host', 'content-length', 'Mcp-Session-Id', 'transfer-encoding', 'connection', 'proxy-authorization'])(
  'the header %s cannot be given',
  async (name) => {
    await expect(register('https://1.1.1.1/', { [name]: 'x' })).rejects.toThrow(`\`${name}\` is not one`)
  },
)

/** What comes of one request to a server that was registered like this. */
async function lost(launch: HttpLaunch): Promise<string> {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const starter = createStarter({ path: '', limit: 1 << 20, log, ...asGiven })
  const error = await new Promise<ToolgateError | Buffer>((resolve) => {
    const on = {
      line: resolve,
      tooLong: () => {},
      skipped: () => {},
      exit: () => {},
      lost: (_: unknown, why: ToolgateError) => resolve(why),
    }
    starter.start(launch, on).write(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}'))
  })
  await starter.close()
  return Buffer.isBuffer(error) ? error.toString() : error.message
}

test('a name that leads elsewhere than when it was registered is not connected to, nor is an address', async () => {
  const { got, port } = await scriptedServer()
  const at = (host: string, reach: HttpLaunch['reach']) =>
    lost({ transport: 'http', url: `http://${host}:${port}/mcp`, headers: {}, reach })
  for (const host of ['localhost', '127.0.0.1']) {
    expect(await at(host, 'internet')).toContain('leads to another place than when it was registered (internet)')
    expect(await at(host, 'private')).toContain('(private)')
  }
  expect(got).toEqual([])
  expect(await at('localhost', 'loopback')).toContain('"protocolVersion":"2025-11-25"')
})
