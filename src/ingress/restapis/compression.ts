/** Bodies that are packed on the way, for APIs that say from which size on. */
import { deflate, gunzip, gzip, inflate } from 'node:zlib';
import type { HttpAnswer } from '../http/answer.ts';
import { type HttpCall, headerOf } from '../http/http-call.ts';
import { requestTooLarge, unsupportedType } from './failure.ts';

/** In the order in which they are taken. */
const codings = { gzip: { pack: gzip, unpack: gunzip }, deflate: { pack: deflate, unpack: inflate } } as const;
type Coding = keyof typeof codings;

/** Without the size nothing is packed, and what came packed is passed on so. */
export function packed(answer: HttpAnswer, call: HttpCall, from: number | undefined): Promise<HttpAnswer> | HttpAnswer {
  const { body, headers } = answer;
  if (from === undefined || body.length === 0 || body.length < from) return answer;
  const coding = wantedCoding(headerOf(call, 'accept-encoding') ?? '');
  if (coding === undefined || headerOf(answer, 'content-encoding') !== undefined) return answer;
  return new Promise((resolve, reject) => {
    codings[coding].pack(body, (error, smaller) => {
      if (error === null) resolve({ ...answer, headers: [...headers, ['content-encoding', coding]], body: smaller });
      else reject(error);
    });
  });
}

/** The first of ours that the header takes; a weight of 0 refuses (RFC 9110, 12.5.3). */
export function wantedCoding(accepted: string): Coding | undefined {
  const weights = new Map(accepted.toLowerCase().split(',').map(weighted));
  const rest = weights.get('*') ?? 0;
  return (['gzip', 'deflate'] as const).find((coding) => (weights.get(coding) ?? rest) > 0);
}

function weighted(part: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = part.split(';').map((each) => each.trim());
  const weight = parameters.find((each) => each.startsWith('q='));
  return [coding, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}

export async function unpackedCall(call: HttpCall, from: number | undefined, bytesMax: number): Promise<HttpCall> {
  const encoding = headerOf(call, 'content-encoding')?.toLowerCase();
  if (from === undefined || encoding === undefined || encoding === 'identity') return call;
  if (encoding !== 'gzip' && encoding !== 'deflate') throw unsupportedType();
  const body = await unpackedBody(call.body, encoding, bytesMax);
  return { ...call, body, headers: call.headers.filter(([name]) => name.toLowerCase() !== 'content-encoding') };
}

/** The limit counts unpacked, or a bomb would pass. */
function unpackedBody(body: Buffer, coding: Coding, maxOutputLength: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    codings[coding].unpack(body, { maxOutputLength }, (error, whole) => {
      if (error === null) resolve(whole);
      else reject(error instanceof RangeError ? requestTooLarge() : unsupportedType());
    });
  });
}
