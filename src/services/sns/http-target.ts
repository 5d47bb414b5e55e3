/** HTTP endpoints as targets: one POST, no redirects, and only to addresses that the source may reach. */
import { type RequestOptions, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { checkReach, guardedLookup, UnreachableAddress } from '../../base/reach.ts';
import { type Parcel, type Target, Undeliverable } from '../../delivery/parcel.ts';

const answerMsMax = 15_000;
const headerBytesMax = 16 * 1024;

export const httpTarget: Target = {
  refusal: () => undefined,
  async accept(parcel, signal) {
    const status = await post(parcel, signal).catch((error) => {
      throw error instanceof UnreachableAddress ? new Undeliverable('EndpointRefused', error.message) : error;
    });
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
    checkReach(url, elsewhere);
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      auth: url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
      lookup: guardedLookup(elsewhere),
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
