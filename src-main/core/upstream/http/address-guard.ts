import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import type { Reach } from '../../../../shared/server.ts'

type Range = readonly [first: string, prefix: number, family: 'ipv4' | 'ipv6']

/** Whether an address lies in one of these. A list per family: Node finds IPv4 addresses in the mapped range of IPv6 too. */
function ranges(list: readonly Range[]): (address: string, kind: 'ipv4' | 'ipv6') => boolean {
  const blocks = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const [first, prefix, family] of list) blocks[family].addSubnet(first, prefix, family)
  return (address, kind) => blocks[kind].check(address, kind)
}

const loopback = ranges([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
])

/** Networks of a house or a company (RFC 1918, 6598, 4193). */
const privateNetworks = ranges([
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
])

/**
 * Where no server is ever looked for: link-local addresses, under which clouds hand out their keys, "this host", documentation,
 * benchmarks, multicast, and forms of IPv6 that hide an IPv4 address (RFC 6890).
 */
const never = ranges([
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::ffff:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
  ['5f00::', 16, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['fe80::', 9, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
])

/** A connection that was not made because of where it would lead; the message is in our own words. */
export class AddressRefused extends Error {}

/** Where an IP address leads; null for one to which no server is ever connected, and for what is no address. */
export function reachOf(address: string): Reach | null {
  const family = isIP(address)
  if (family === 0) return null
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  if (never(address, kind)) return null
  if (loopback(address, kind)) return 'loopback'
  return privateNetworks(address, kind) ? 'private' : 'internet'
}

/** The host of a URL as sockets take it: an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/**
 * Finds a host's addresses and gives only those that lead where they may (`reach`): for a server, where it led when a person
 * registered it. The socket connects to exactly these, so a name that means something else a moment later changes nothing.
 */
export function lookupWithin(reach: readonly Reach[]): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [])
      const fit = found.filter(({ address }) => isWithin(address, reach))
      const [first] = fit
      if (!first) {
        const refused = `its host leads to another place than when it was registered (${reach.join(', ')})`
        return callback(new AddressRefused(refused), [])
      }
      if (options.all) callback(null, fit)
      else callback(null, first.address, first.family)
    })
  }
}

/** Throws AddressRefused when the URL names an address itself and that is not where it may lead; names are checked as they are looked up. */
export function checkAddress(url: URL, reach: readonly Reach[]): void {
  const host = hostOf(url)
  if (isIP(host) !== 0 && !isWithin(host, reach)) {
    throw new AddressRefused(`its address leads to another place than when it was registered (${reach.join(', ')})`)
  }
}

function isWithin(address: string, reach: readonly Reach[]): boolean {
  const found = reachOf(address)
  return found !== null && reach.includes(found)
}
