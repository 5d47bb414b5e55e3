/**
 * Signing keys, derived once a day for each secret, region and service. As a KeyObject, since an HMAC with a Buffer as key
 * costs three times as much.
 */
import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Scope } from './signature.ts';

const cachedMax = 1000;

export class SigningKeys {
  readonly #keys = new Map<string, { readonly secret: string; readonly key: KeyObject }>();

  signingKey(accessKeyId: string, secret: string, { date, region, service }: Scope): KeyObject {
    const name = `${accessKeyId}/${date}/${region}/${service}`;
    const known = this.#keys.get(name);
    if (known !== undefined && known.secret === secret) return known.key;
    const key = derived(secret, date, region, service);
    // Old days leave in one go; deriving anew costs microseconds.
    if (this.#keys.size >= cachedMax) this.#keys.clear();
    this.#keys.set(name, { secret, key });
    return key;
  }
}

function derived(secret: string, date: string, region: string, service: string): KeyObject {
  let key = Buffer.from(`AWS4${secret}`);
  for (const part of [date, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  return createSecretKey(key);
}

/** The hexadecimal signature of a canonical request. */
export function signatureOf(key: KeyObject, timestamp: string, scope: Scope, canonical: string): string {
  const place = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${timestamp}\n${place}\n${hash('sha256', canonical, 'hex')}`;
  return createHmac('sha256', key).update(text).digest('hex');
}
