/** HTTP endpoints as targets: one POST, no redirects, and only to addresses that the source may reach. */
import { lookup } from 'node:dns';
import { type RequestOptions, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Parcel, type Target, Undeliverable } from '../../delivery/parcel.ts';

const answerMsMax = 15_000;
const headerBytesMax = 16 * 1024;

export const httpTarget: Target = {
  refusal: () => undefined,
  async accept(parcel, signal) {
    const status = await post(parcel, signal);
    if (status >= 200 && status < 300) return;
    const why = `${parcel.target} answered ${status}`;
    // AWS gives up at once on what the client is told to be its own mistake.
    if (status >= 300 && status < 500 && status !== 429) throw new Undeliverable('EndpointRefused', why);
    throw new Error(why);
  },
};

/** The answer's status; its body is of no interest. */
function post({ target, body, headers, elsewhere = false }: Parcel, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = new URL(target);
    // Node.js asks no resolver for what is an address already.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && isForbidden(host, elsewhere)) return reject(forbidden(host));
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      auth: url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
      lookup: allowedAddresses(elsewhere),
      maxHeaderSize: headerBytesMax,
      agent: false,
    };
    const outgoing = (url.protocol === 'https:' ? requestTls : request)(url, options, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.on('error', () => {});
      answer.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A name is checked by where it leads now, and not by how it looks. */
function allowedAddresses(elsewhere: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const found = addresses.find(({ address }) => isForbidden(address, elsewhere));
      if (found !== undefined) return callback(forbidden(found.address), '', 0);
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

function forbidden(address: string): Undeliverable {
  return new Undeliverable('EndpointRefused', `No endpoint may be at ${address}`);
}
