import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { printable } from '../../../../shared/printable.ts'
import { type HttpLaunch, type Reach, reaches } from '../../../../shared/server.ts'
import { AddressRefused, hostOf, reachOf } from './address-guard.ts'

/** Headers that are ours to set, or that change how a message is read on its way (RFC 9110; MCP transports). */
const notForPeople =
  /^(accept|accept-encoding|connection|content-.*|expect|host|keep-alive|last-event-id|mcp-.*|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent)$/i

/**
 * What a person registers, in the form that is kept: its URL written in one way, and where its host leads today. That is their
 * decision; from then on it is connected to nowhere else. Throws AddressRefused with what is wrong.
 */
export async function registeredAddress(asked: Omit<HttpLaunch, 'reach'>): Promise<HttpLaunch> {
  const url = readUrl(asked.url)
  const unfit = Object.keys(asked.headers).find((name) => notForPeople.test(name))
  if (unfit !== undefined) throw new AddressRefused(`the header \`${unfit}\` is not one that can be given`)
  const reach = await reachOfHost(hostOf(url))
  if (url.protocol === 'http:' && reach !== 'loopback') {
    throw new AddressRefused('without encryption (`http:`) only this machine is reached, use `https:`')
  }
  return { ...asked, url: url.href, reach }
}

function readUrl(text: string): URL {
  const shown = printable(text).slice(0, 200)
  if (!URL.canParse(text)) throw new AddressRefused(`\`${shown}\` is no URL`)
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new AddressRefused(`\`${shown}\` is not https`)
  if (url.username !== '' || url.password !== '') {
    throw new AddressRefused('a URL with a name or a password in it is not taken, give them as a header')
  }
  if (url.hash !== '') throw new AddressRefused(`\`${shown}\` has a part after \`#\`, which is never sent`)
  const local = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !local) {
    throw new AddressRefused('without encryption (`http:`) only this machine is reached, use `https:`')
  }
  return url
}

/** Where a host leads: of several addresses, the farthest place. */
async function reachOfHost(host: string): Promise<Reach> {
  const addresses = isIP(host) ? [host] : await addressesOf(host)
  const found = addresses.map(reachOf).filter((reach) => reach !== null)
  const farthest = reaches.findLast((reach) => found.includes(reach))
  if (!farthest) throw new AddressRefused(`\`${printable(host)}\` leads to addresses at which no server is looked for`)
  return farthest
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    throw new AddressRefused(`the host \`${printable(host)}\` cannot be found`)
  }
}
