/** HTTP endpoints as targets: one POST, no redirects, and never to an address of the machine's link. */
import { lookup } from 'node:dns';
import { type RequestOptions, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
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
function post({ target, body, headers }: Parcel, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = new URL(target);
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      auth: url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
      lookup: outside,
      maxHeaderSize: headerBytesMax,
      agent: false,
    };
    const address = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? undefined : url.hostname.replace(/^\[|\]$/g, '');
    if (address !== undefined && isForbidden(address)) return reject(forbidden(address));
    const outgoing = (url.protocol === 'https:' ? requestTls : request)(url, options, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.on('error', () => {});
      answer.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Where clouds and environments of functions keep what is theirs alone. */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');

function isForbidden(address: string): boolean {
  return linkLocal.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function forbidden(address: string): Undeliverable {
  return new Undeliverable('EndpointRefused', `${address} is an address of this machine's link, where no endpoint is`);
}

/** A name is checked by where it leads now, and not by how it looks. */
const outside: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const found = addresses.find(({ address }) => isForbidden(address));
    if (found !== undefined) return callback(forbidden(found.address), '', 0);
    const [first] = addresses;
    if (options.all) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family);
  });
};
