import { expect, test } from 'vitest'
import { Settings } from '../../shared/settings.ts'

test.each([
  'https://tools.example.com',
  'https://tools.example.com:8443',
  'https://tools',
  'https://xn--bcher-kva.example',
])('%s is an origin that others can ask for', (public_origin) => {
  expect(Settings.parse({ public_origin }).public_origin).toBe(public_origin)
})

const canonical = 'write it as `https://tools.example.com`, and nothing more'

test.each([
  ['http://tools.example.com', 'it must begin with `https://`'],
  ['tools.example.com', 'it must begin with `https://`'],
  [' https://tools.example.com', 'it must begin with `https://`'],
  ['https://', 'it is no address'],
  ['https://tools.example.com:99999', 'it is no address'],
  ['https://tools.example.com/', canonical],
  ['https://tools.example.com/mcp', canonical],
  ['https://tools.example.com?', canonical],
  ['https://tools.example.com#', canonical],
  ['https://tools.example.com:443', canonical],
  ['https://Tools.Example.com', canonical],
  ['https://tools.example.com\n', canonical],
  ['https://bücher.example', 'write it as `https://xn--bcher-kva.example`'],
  ['https://tools.example.com.', 'its name must not end in a dot'],
  ['https://127.0.0.1', 'not the number of a machine'],
  ['https://10.0.0.5:8443', 'not the number of a machine'],
  ['https://2130706433', 'not the number of a machine'],
  ['https://[::1]', 'not the number of a machine'],
  ['https://localhost:8443', 'is this machine'],
  ['https://tools.localhost', 'is this machine'],
  ['https://me@tools.example.com', 'the name of a host and nothing more'],
  ['https://*.example.com', 'the name of a host and nothing more'],
  ['', 'it must begin with `https://`'],
])('%j is refused, and said why', (public_origin, why) => {
  const { error } = Settings.safeParse({ public_origin })
  expect(error?.issues).toMatchObject([{ path: ['public_origin'], message: expect.stringContaining(why) }])
})
