/**
 * Where requests go that this server sends for others: never to link-local addresses, and for whoever must not reach this
 * machine (`elsewhere`) never to it. A name is checked by where it leads at the moment of connecting, not by how it looks.
 */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';

export class UnreachableAddress extends Error {
  override readonly name = 'UnreachableAddress';

  constructor(address: string) {
    super(`No endpoint may be at ${address}`);
  }
}

/** Throws for an address of numbers, of which Node.js asks no resolver. */
export function checkReach({ hostname }: URL, elsewhere: boolean): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && isForbidden(host, elsewhere)) throw new UnreachableAddress(host);
}

/** For the connection itself: all addresses of the name are allowed, or none is connected to. */
export function guardedLookup(elsewhere: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const found = addresses.find(({ address }) => isForbidden(address, elsewhere));
      if (found !== undefined) return callback(new UnreachableAddress(found.address), '', 0);
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}

/** Where clouds and the environments of functions keep what is theirs alone. */
const linkLocal = blocked([
  ['169.254.0.0', 16],
  ['fe80::', 10],
]);
const thisHost = blocked([
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
  ['::', 127],
]);

function isForbidden(address: string, elsewhere: boolean): boolean {
  // IPv4 inside of IPv6 is found as well.
  const isIn = (list: BlockList) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return isIn(linkLocal) || (elsewhere && (isIn(thisHost) || isIn(ownAddresses())));
}

function ownAddresses(): BlockList {
  const addresses = Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ address }) => address));
  return blocked(addresses.map((address) => [address, isIP(address) === 6 ? 128 : 32]));
}

function blocked(subnets: readonly (readonly [address: string, bits: number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of subnets) list.addSubnet(address, bits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
}
