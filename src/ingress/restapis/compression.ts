/** Bodies that are packed on the way, for APIs that say from which size on. */
import { gzip } from 'node:zlib';
import { AwsError } from '../../aws/errors.ts';
import { unpacked } from '../body.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { type HttpCall, headerOf } from '../http/http-call.ts';
import { requestTooLarge, unsupportedType } from './failure.ts';

/** Without the size nothing is packed, and what came packed is passed on so. */
export function packed(answer: HttpAnswer, call: HttpCall, from: number | undefined): Promise<HttpAnswer> | HttpAnswer {
  const { body, headers } = answer;
  const accepted = /\bgzip\b/.test(headerOf(call, 'accept-encoding') ?? '');
  if (from === undefined || body.length === 0 || body.length < from || !accepted) return answer;
  if (headerOf(answer, 'content-encoding') !== undefined) return answer;
  return new Promise((resolve, reject) => {
    gzip(body, (error, smaller) => {
      if (error === null) resolve({ ...answer, headers: [...headers, ['content-encoding', 'gzip']], body: smaller });
      else reject(error);
    });
  });
}

export async function unpackedCall(call: HttpCall, from: number | undefined, bytesMax: number): Promise<HttpCall> {
  const encoding = headerOf(call, 'content-encoding');
  if (from === undefined || encoding === undefined || encoding === 'identity') return call;
  if (encoding !== 'gzip') throw unsupportedType();
  try {
    const body = await unpacked(call.body, bytesMax);
    return { ...call, body, headers: call.headers.filter(([name]) => name.toLowerCase() !== 'content-encoding') };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw error.status === 413 ? requestTooLarge() : unsupportedType();
  }
}
